import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { nobody } from '@/lib/person';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { RegisterPage } from './RegisterPage';

const creates = () => mock.calls.filter((call) => call.command === 'patientCreate').map((call) => call.request);
const smiths = ['p0', 'p60'];

function show() {
  const registered = vi.fn();
  const opened = vi.fn();
  renderScreen(<RegisterPage onRegistered={registered} onOpen={opened} />);
  return { user: userEvent.setup(), registered, opened };
}

/** Types somebody who sounds like two patients who are here. */
async function showDuplicates() {
  const shown = show();
  await shown.user.type(screen.getByRole('textbox', { name: 'Family name' }), 'Smith{Tab}Jane{Enter}');
  await screen.findByRole('table', { name: 'Patients who may be the same person' });
  return shown;
}

beforeEach(() => resetMock('front-desk'));

describe('the form', () => {
  it('is filled in by keys alone, and sent as the core takes it', async () => {
    const { user, registered } = show();
    expect(screen.getByRole('textbox', { name: 'Family name' })).toHaveFocus();
    expect(screen.getByRole('button', { name: /^Register/ })).toHaveTextContent('Register this patient, birth date not known');
    await expectAccessible();
    await user.keyboard(' Waldstein{Tab}Ana{Tab}3 Feb 1961{Tab}{ArrowRight}{Tab}777{Tab}0123{Tab}1 Quay{Tab}YO21{Tab}Whitby{Tab}Yorkshire{Tab}GB');
    expect(screen.getByText('Read as 03-Feb-1961')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Register Ana WALDSTEIN, born 03-Feb-1961' })).toBeVisible();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(registered).toHaveBeenCalledOnce());
    expect(creates()).toEqual([
      {
        person: { family: 'Waldstein', given: 'Ana', birthDate: '1961-02-03', gender: 'female', mrn: '777', phone: '0123', street: '1 Quay', postalCode: 'YO21', city: 'Whitby', state: 'Yorkshire', country: 'GB' },
        despite: [],
      },
    ]);
    expect(mock.registry.patients.find((row) => row.patientId === registered.mock.calls[0]?.[0])?.name).toBe('WALDSTEIN, Ana');
  });

  it('needs the family name alone', async () => {
    const { user, registered } = show();
    await user.keyboard('{Tab}Ana{Enter}');
    expect(screen.getByRole('textbox', { name: 'Family name' })).toHaveFocus();
    expect(screen.getByRole('textbox', { name: 'Family name' })).toHaveAccessibleDescription(/Type the family name/);
    expect(creates()).toEqual([]);
    await user.keyboard('Waldstein{Enter}');
    await waitFor(() => expect(registered).toHaveBeenCalledOnce());
    expect(creates()).toEqual([{ person: { ...nobody, family: 'Waldstein', given: 'Ana' }, despite: [] }]);
  });

  it('asks which day a date is that could be two', async () => {
    const { user, registered } = show();
    await user.keyboard('Waldstein{Tab}{Tab}3.2.1961{Enter}');
    const born = screen.getByRole('textbox', { name: 'Birth date' });
    expect(born).toHaveFocus();
    expect(born).toBeInvalid();
    expect(born).toHaveAccessibleDescription(/3\.2\.1961 can be 03-Feb-1961 or 02-Mar-1961/);
    expect(creates()).toEqual([]);
    await user.clear(born);
    await user.type(born, '14.7.1945{Enter}');
    await waitFor(() => expect(registered).toHaveBeenCalledOnce());
    expect(creates()).toMatchObject([{ person: { birthDate: '1945-07-14' } }]);
  });

  it('says what the core refuses and keeps what was typed', async () => {
    const { user, registered } = show();
    mock.failures.patientCreate = { code: 'audit-unavailable', message: 'the audit log cannot be written, so nothing was stored' };
    await user.keyboard('Waldstein{Enter}');
    await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('The audit log cannot be written, so nothing was stored.'));
    expect(screen.getByRole('textbox', { name: 'Family name' })).toHaveValue('Waldstein');
    expect(registered).not.toHaveBeenCalled();
  });
});

describe('somebody who may be the same person', () => {
  it('is shown before anything is stored, with why, and read out', async () => {
    const { user, registered } = show();
    await user.keyboard('Smith{Tab}Jane{Tab}5 Jan 1958{Tab}{Tab}004248{Enter}');
    const table = await screen.findByRole('table', { name: 'Patients who may be the same person' });
    expect(screen.getByRole('heading', { name: 'Is Jane SMITH here already?' })).toHaveFocus();
    expect(within(screen.getByRole('region', { name: 'Register a patient' })).getAllByRole('alert')[0]).toHaveTextContent('2 patients here may be the same person. Nothing is stored yet.');
    const rows = within(table).getAllByRole('row').slice(1).map((row) => row.textContent);
    expect(rows[0]).toMatch(/Jane SMITH05-Jan-1958.*004248What was typed, not stored/);
    expect(rows[1], 'the likeliest first').toMatch(/SMYTH, Janet.*Same number/);
    expect(rows[2]).toMatch(/SMITH, Jane.*05-Jan-1958.*Name sounds alike, same birth date/);
    expect(registered).not.toHaveBeenCalled();
    expect(mock.registry.patients).toHaveLength(120);
    await expectAccessible();
  });

  it('is opened instead, after a question, and nobody is registered', async () => {
    const { user, registered, opened } = await showDuplicates();
    const open = screen.getByRole('button', { name: 'Open the chart of SMITH, Jane (Ms), born 01-Jan-1938' });
    await user.click(open);
    const dialog = await screen.findByRole('dialog', { name: 'Open the chart of SMITH, Jane (Ms)?' });
    await waitFor(() => expect(within(dialog).getByRole('button', { name: 'Stay here' })).toHaveFocus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(opened, 'what was typed is still wanted').not.toHaveBeenCalled();
    await user.click(open);
    await user.click(await screen.findByRole('button', { name: 'Throw it away and open SMITH, Jane (Ms), born 01-Jan-1938' }));
    expect(opened).toHaveBeenCalledExactlyOnceWith('p0');
    expect(registered).not.toHaveBeenCalled();
    expect(creates(), 'the question alone').toHaveLength(1);
    expect(mock.registry.patients).toHaveLength(120);
  });

  it('is somebody else only after they were compared, and then all who were shown are named', async () => {
    const { user, registered } = await showDuplicates();
    const register = screen.getByRole('button', { name: 'All of these are somebody else: register Jane SMITH' });
    await user.click(register);
    const compared = screen.getByRole('checkbox', { name: 'I have compared name, birth date and number' });
    expect(compared).toHaveFocus();
    expect(screen.getByText(/^Compare them first/)).toBeVisible();
    expect(creates()).toHaveLength(1);
    await user.keyboard(' ');
    await user.click(register);
    await waitFor(() => expect(registered).toHaveBeenCalledOnce());
    expect(creates()[1]).toEqual({ person: { ...nobody, family: 'Smith', given: 'Jane' }, despite: smiths });
    expect(mock.registry.patients).toHaveLength(121);
  });

  it('who comes in meanwhile has to be compared too', async () => {
    const { user, registered } = await showDuplicates();
    const twin = { ...mock.registry.patients[0]!, patientId: 'twin' };
    mock.registry = { ...mock.registry, patients: [...mock.registry.patients, twin] };
    await user.click(screen.getByRole('checkbox'));
    await user.click(screen.getByRole('button', { name: /somebody else: register/ }));
    await waitFor(() => expect(screen.getAllByRole('alert')[0]).toHaveTextContent('3 patients here may be the same person'));
    expect(screen.getByRole('checkbox'), 'another list is another comparison').not.toBeChecked();
    expect(registered).not.toHaveBeenCalled();
    await user.click(screen.getByRole('checkbox'));
    await user.click(screen.getByRole('button', { name: /somebody else: register/ }));
    await waitFor(() => expect(registered).toHaveBeenCalledOnce());
    expect(creates()[2]).toMatchObject({ despite: [...smiths, 'twin'] });
  });

  it('is left to go back to what was typed', async () => {
    const { user } = await showDuplicates();
    await user.click(screen.getByRole('button', { name: 'Back to what was typed' }));
    expect(screen.getByRole('textbox', { name: 'Given names' })).toHaveValue('Jane');
  });
});
