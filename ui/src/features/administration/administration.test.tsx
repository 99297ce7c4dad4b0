import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { AuditPage } from './AuditPage';
import { posture } from '@/api/mockChart';
import { ImportPage } from './ImportPage';
import { PosturePage } from './PosturePage';
import { UsersPage } from './UsersPage';

beforeEach(() => resetMock('administrator'));

describe('users', () => {
  it('lists them with their role', async () => {
    renderScreen(<UsersPage />);
    const table = await screen.findByRole('table', { name: 'Users of this workstation' });
    expect(within(table).getByRole('row', { name: /M. LINDQVIST lindqvist nurse smart card, authenticator app .* never/ })).toBeInTheDocument();
    await expectAccessible();
  });

  it('closes an account after one question, and opens it again', async () => {
    const user = userEvent.setup();
    renderScreen(<UsersPage />);
    await user.click(await screen.findByRole('button', { name: 'Close the account of M. LINDQVIST' }));
    const asked = await screen.findByRole('dialog');
    expect(within(asked).getByText(/every key that they held is replaced/)).toBeVisible();
    await user.click(within(asked).getByRole('button', { name: 'Close the account of M. LINDQVIST' }));
    await user.click(await screen.findByRole('button', { name: 'Open the account of M. LINDQVIST' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Open the account of M. LINDQVIST' }));
    expect(await screen.findByRole('button', { name: 'Close the account of M. LINDQVIST' })).toBeVisible();
    expect(screen.queryByRole('button', { name: /account of R. HALVORSEN/ }), 'nobody closes their own').toBeNull();
  });

  it('changes name, role, practitioner and teams of somebody else, and says what another role means', async () => {
    const user = userEvent.setup();
    renderScreen(<UsersPage />);
    await user.click(await screen.findByRole('button', { name: 'Change M. LINDQVIST' }));
    const form = await screen.findByRole('form', { name: 'Change M. LINDQVIST' });
    expect(within(form).queryByText(/Their session ends/)).toBeNull();
    await user.selectOptions(within(form).getByLabelText('Role'), 'billing');
    expect(within(form).getByText(/Their session ends at its next request/)).toBeVisible();
    await user.type(within(form).getByLabelText('Practitioner in the charts'), 'Practitioner/d2');
    await user.click(await within(form).findByLabelText('Ward 3 West'));
    await expectAccessible();
    await user.click(within(form).getByRole('button', { name: 'Save the changes to M. LINDQVIST' }));
    expect(await screen.findByRole('row', { name: /M. LINDQVIST Practitioner\/d2 lindqvist billing Ward 3 West/ })).toBeInTheDocument();
    expect(screen.getByRole('row', { name: /Ward 3 West Location\/w3 .*M. LINDQVIST/ })).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Change R. HALVORSEN' }), 'nobody changes themselves').toBeNull();
  });

  it('keeps the dialog and says why the core refused a change', async () => {
    const user = userEvent.setup();
    mock.failures.userUpdate = { code: 'invalid', message: 'this is the last administrator; make another one first' };
    renderScreen(<UsersPage />);
    await user.click(await screen.findByRole('button', { name: 'Change Dr A. OKAFOR' }));
    const form = await screen.findByRole('form', { name: 'Change Dr A. OKAFOR' });
    await user.clear(within(form).getByLabelText('Name'));
    await user.click(within(form).getByRole('button', { name: /Save the changes/ }));
    expect(within(form).getByText('Type the name that others see')).toBeVisible();
    await user.type(within(form).getByLabelText('Name'), 'Dr Ada OKAFOR{Enter}');
    expect(await within(form).findByRole('alert')).toHaveTextContent('This is the last administrator; make another one first.');
  });

  it('marks accounts that nobody uses', async () => {
    renderScreen(<UsersPage />);
    expect(await screen.findByText('Unused for 97 days')).toBeVisible();
    expect(screen.getByText('used 21-Nov-2026 11:20')).toBeVisible();
  });

  it('makes a team', async () => {
    const user = userEvent.setup();
    renderScreen(<UsersPage />);
    await user.click(await screen.findByRole('button', { name: 'New team' }));
    const form = await screen.findByRole('form', { name: 'Team' });
    await user.click(within(form).getByRole('button', { name: 'Make the team' }));
    expect(within(form).getByText('Type the name of the team')).toBeVisible();
    await user.type(within(form).getByLabelText('Name'), 'Clinic');
    await user.click(within(form).getByLabelText('M. LINDQVIST'));
    await user.click(within(form).getByRole('button', { name: 'Make the team' }));
    expect(await screen.findByRole('rowheader', { name: 'Clinic' })).toBeVisible();
    expect(mock.teams.find((team) => team.name === 'Clinic')?.memberIds).toEqual(['u2']);
  });

  it('dissolves a team after one question', async () => {
    const user = userEvent.setup();
    renderScreen(<UsersPage />);
    await user.click(await screen.findByRole('button', { name: 'Dissolve the team Ward 3 West' }));
    expect(mock.teams, 'not by one click').toHaveLength(2);
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Dissolve the team Ward 3 West' }));
    await waitFor(() => expect(mock.teams.map((team) => team.name)).toEqual(['Stroke unit']));
    expect(mock.users.some((one) => one.teamIds.length > 0)).toBe(false);
  });

  it('leaves the teams of the server to the server', async () => {
    const user = userEvent.setup();
    renderScreen(<UsersPage />);
    const row = await screen.findByRole('row', { name: /Stroke unit/ });
    expect(row).toHaveTextContent('of the server’s directory, changed there');
    expect(within(row).queryByRole('button')).toBeNull();
    await user.click(await screen.findByRole('button', { name: 'Change M. LINDQVIST' }));
    const form = await screen.findByRole('form', { name: 'Change M. LINDQVIST' });
    expect(await within(form).findByLabelText('Ward 3 West')).toBeVisible();
    expect(within(form).queryByLabelText('Stroke unit'), 'nobody joins it here').toBeNull();
  });

  it('says when there are no teams, and when they could not be read', async () => {
    mock.teams = [];
    const shown = renderScreen(<UsersPage />);
    expect(await screen.findByText('No teams yet')).toBeVisible();
    shown.unmount();
    mock.failures.teamSearch = { code: 'internal', message: 'the database failed while reading teams; try again' };
    renderScreen(<UsersPage />);
    expect(await screen.findByText('Could not read the teams')).toBeVisible();
  });

  it('says when they could not be read', async () => {
    mock.failures.userSearch = { code: 'forbidden', message: 'your role does not list users; ask an administrator' };
    renderScreen(<UsersPage />);
    expect(await screen.findByText('Your role does not list users; ask an administrator.')).toBeInTheDocument();
  });

  it('makes one more by keyboard', async () => {
    const user = userEvent.setup();
    renderScreen(<UsersPage />);
    await screen.findByRole('table');
    await user.click(screen.getByLabelText('Name'));
    await user.keyboard('P. NOVAK{Tab}novak{Tab}');
    await user.selectOptions(screen.getByLabelText('Role'), 'pharmacist');
    await user.tab();
    await user.keyboard('a long first password{Tab}{Tab}a long first password{Enter}');
    expect(await screen.findByText('P. NOVAK can sign in as novak.')).toBeInTheDocument();
    expect(await screen.findByRole('row', { name: /P. NOVAK novak pharmacist none never/ })).toBeInTheDocument();
    expect(screen.getByLabelText('First password')).toHaveValue('');
  });

  it('removes the second factor of somebody after asking once more', async () => {
    const user = userEvent.setup();
    renderScreen(<UsersPage />);
    await user.click(await screen.findByRole('button', { name: 'Remove the second factor of Dr A. OKAFOR' }));
    expect(mock.calls.some((call) => call.command === 'userFactorDelete'), 'not by one click').toBe(false);
    await user.click(screen.getByRole('button', { name: 'Remove it from Dr A. OKAFOR' }));
    expect(await screen.findByRole('row', { name: /Dr A. OKAFOR Practitioner\/d1 okafor physician Ward 3 West none/ })).toBeInTheDocument();
  });

  it('says what a user name may hold', async () => {
    const user = userEvent.setup();
    renderScreen(<UsersPage />);
    await user.click(screen.getByLabelText('Name'));
    await user.keyboard('P. NOVAK{Tab}no vak{Enter}');
    expect(await screen.findByText(/Use 2 to 64 letters/)).toBeInTheDocument();
    expect(screen.getByLabelText('User name')).toHaveFocus();
  });
});

describe('import', () => {
  it('shows progress with counts and time left, then the report with every problem', async () => {
    const user = userEvent.setup();
    renderScreen(<ImportPage />);
    expect(await screen.findByText(/Nothing imported since/)).toBeInTheDocument();
    await expectAccessible();
    await user.click(screen.getByRole('button', { name: 'Choose files' }));
    expect(await screen.findByText('Time left')).toBeInTheDocument();
    await expectAccessible();
    const report = await screen.findByRole('region', { name: 'Import report' }, { timeout: 8000 });
    expect(within(report).getByRole('row', { name: 'Observation 980 0 40 1' })).toBeInTheDocument();
    expect(within(report).getByRole('row', { name: /Observation.ndjson line 12 not JSON/ })).toBeInTheDocument();
    await expectAccessible();
  });

  it('stops when asked, and says what stays', async () => {
    const user = userEvent.setup();
    renderScreen(<ImportPage />);
    await user.click(await screen.findByRole('button', { name: 'Choose files' }));
    await user.click(await screen.findByRole('button', { name: 'Stop the import' }));
    expect(await screen.findByText('Import stopped: what was stored before stays', undefined, { timeout: 3000 })).toBeInTheDocument();
  });

  it('says why it did not start', async () => {
    const user = userEvent.setup();
    mock.failures.importStart = { code: 'busy', message: 'another import is running; wait for it or stop it' };
    renderScreen(<ImportPage />);
    await user.click(await screen.findByRole('button', { name: 'Choose files' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(/The import did not start.*Another import is running/);
  });
});

describe('the audit log', () => {
  it('says that it is intact', async () => {
    const user = userEvent.setup();
    renderScreen(<AuditPage />);
    await user.keyboard('{Enter}');
    expect(await screen.findByText(/^Intact/)).toBeInTheDocument();
    await expectAccessible();
  });

  it('names what was found', async () => {
    const user = userEvent.setup();
    mock.audit = { ...mock.audit, intact: false, findings: ['entry 17 was changed'] };
    renderScreen(<AuditPage />);
    await user.keyboard('{Enter}');
    expect(await screen.findByText(/^Not intact/)).toBeInTheDocument();
    expect(screen.getByRole('list', { name: 'Findings' })).toHaveTextContent('entry 17 was changed');
    await expectAccessible();
  });

  it('says when the check did not finish', async () => {
    const user = userEvent.setup();
    mock.failures.auditVerify = { code: 'internal', message: 'the log could not be read; try again' };
    renderScreen(<AuditPage />);
    await user.keyboard('{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('The check did not finish');
  });
});

describe('the posture of the workstation', () => {
  it('shows what needs somebody first, with what to do', async () => {
    renderScreen(<PosturePage />);
    const list = await screen.findByRole('list', { name: 'Checks' });
    const names = within(list)
      .getAllByRole('heading')
      .map((heading) => heading.textContent);
    expect(names).toEqual(['Disk encryption', 'Other programs of the user', 'Operating system', 'Device key']);
    expect(list).toHaveTextContent('To do: Install the system on an encrypted disk.');
    expect(screen.getByRole('status')).toHaveTextContent('1 not as it should be, 1 to look at, 1 not known, 1 OK.');
    await expectAccessible();
  });

  it('says which checks close the sign-in', async () => {
    mock.posture = posture(true);
    renderScreen(<PosturePage />);
    expect(await screen.findByText(/The sign-in is closed to everybody but administrators/)).toBeInTheDocument();
    expect(screen.getByRole('heading', { name: /Disk encryption/ })).toHaveTextContent('closes the sign-in');
    await expectAccessible();
  });

  it('says when nothing was checked, and when it could not be read', async () => {
    mock.posture = { ...posture(), checks: [] };
    const shown = renderScreen(<PosturePage />);
    expect(await screen.findByText('Nothing was checked')).toBeInTheDocument();
    shown.unmount();
    mock.failures.postureRead = { code: 'forbidden', message: 'your role does not allow this; the refusal is on record' };
    renderScreen(<PosturePage />);
    expect(await screen.findByText('Could not read the state of this workstation')).toBeInTheDocument();
  });
});
