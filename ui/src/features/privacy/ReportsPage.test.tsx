import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import type { AccessReportRequest } from '@/api/types';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { ReportsPage } from './ReportsPage';

async function open() {
  renderScreen(<ReportsPage />);
  await screen.findByText('No patient chosen');
  return userEvent.setup();
}

async function pickPatient(user: ReturnType<typeof userEvent.setup>, text = 'smith') {
  await user.type(screen.getByRole('textbox', { name: 'Find the patient' }), text);
  const list = await screen.findByRole('list', { name: 'Matching patients' });
  await user.click(within(list).getAllByRole('button')[0]!);
  return screen.findByRole('table', { name: 'Accesses of the report' });
}

const asked = () => mock.calls.filter((call) => call.command === 'accessReportRead').map((call) => call.request as AccessReportRequest);

beforeEach(() => resetMock('privacy-officer'));

describe('the reports', () => {
  it.each(['light', 'dark'])('have nothing for axe to find in %s', async (scheme) => {
    const user = await open();
    await pickPatient(user, 'janet');
    document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
    await expectAccessible();
  });

  it('say who looked at a patient, with counts, and read nothing before somebody is chosen', async () => {
    const user = await open();
    expect(asked()).toEqual([]);
    const table = await pickPatient(user);
    expect(screen.getByText(/^[\d,]+ in all, \d+ flagged$/)).toBeVisible();
    expect(within(table).getByRole('columnheader', { name: 'When' })).toHaveAttribute('aria-sort', 'descending');
    expect(asked()).toHaveLength(1);
  });

  it('are sorted by the core, by every column and both ways', async () => {
    const user = await open();
    const table = await pickPatient(user, 'janet');
    for (const name of ['When', 'User', 'Role', 'What', 'Purpose', 'Outcome', 'Flags', 'Entry']) {
      const sort = within(table).getByText(name);
      await user.click(sort);
      const first = sort.closest('th')?.getAttribute('aria-sort');
      await user.click(sort);
      const turned = sort.closest('th')?.getAttribute('aria-sort');
      expect([first, turned].sort()).toEqual(['ascending', 'descending']);
    }
    const sorts = new Set(asked().map(({ selection }) => `${selection.sort} ${selection.descending}`));
    expect(sorts.size).toBe(16);
  });

  it('show an emergency by its code, and what is flagged alone when asked', async () => {
    const user = await open();
    const table = await pickPatient(user);
    await user.click(within(table).getByRole('button', { name: 'Purpose' }));
    expect((await screen.findAllByText('BTG: break the glass')).length).toBeGreaterThan(0);
    await user.click(screen.getByRole('checkbox', { name: 'Flagged only' }));
    expect(await screen.findByText(/^\d+ flagged$/)).toBeVisible();
    expect(asked().at(-1)?.selection.flaggedOnly).toBe(true);
  });

  it('lead from a patient to a user and to the patients of that user', async () => {
    const user = await open();
    const table = await pickPatient(user);
    await user.click(within(table).getAllByRole('button', { name: 'Dr A. OKAFOR' })[0]!);
    expect(await screen.findByRole('heading', { name: /^Dr A. OKAFOR, physician/ })).toBeVisible();
    expect(screen.getByRole('button', { name: 'What a user did' })).toHaveAttribute('aria-pressed', 'true');
    const done = screen.getByRole('table', { name: 'Accesses of the report' });
    expect(within(done).getByRole('columnheader', { name: 'Patient' })).toBeVisible();
  });

  it('say that nothing happened in a period', async () => {
    const user = await open();
    await pickPatient(user, 'janet');
    await user.type(screen.getByLabelText('From'), '2026-12-01');
    await user.click(screen.getByRole('button', { name: 'Show this period' }));
    expect(await screen.findByText('Nobody looked')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Show all' }));
    expect(await screen.findByRole('table', { name: 'Accesses of the report' })).toBeVisible();
  });

  it('account for disclosures and write them to a file that the person names', async () => {
    const user = await open();
    await user.click(screen.getByRole('button', { name: 'What was disclosed' }));
    await user.type(screen.getByRole('textbox', { name: 'Find the patient' }), 'janet');
    await user.click(within(await screen.findByRole('list', { name: 'Matching patients' })).getAllByRole('button')[0]!);
    const table = await screen.findByRole('table', { name: 'Disclosures, newest first' });
    expect(within(table).getByText('Court order 22-118 of 18-Nov-2026')).toBeVisible();
    expect(within(table).getByText('Not required')).toBeVisible();
    await expectAccessible();
    const save = screen.getByRole('group', { name: 'Save the accounting' });
    await user.click(within(save).getByRole('button', { name: 'PDF' }));
    expect(await within(save).findByText(/Written to \/media\/usb\/accounting-of-disclosures.pdf/)).toBeVisible();
    expect(mock.calls.at(-1)?.request).toEqual({ patientId: 'p1', form: 'pdf', path: '/media/usb/accounting-of-disclosures.pdf' });
  });

  it('write what the screen shows, and a copy for the patient', async () => {
    const user = await open();
    await pickPatient(user, 'janet');
    await user.click(screen.getByRole('checkbox', { name: 'Flagged only' }));
    const save = screen.getByRole('group', { name: 'Save this report' });
    await user.click(within(save).getByRole('button', { name: 'CSV' }));
    await within(save).findByText(/Written to/);
    expect(mock.calls.at(-1)?.request).toMatchObject({ selection: { flaggedOnly: true }, path: '/media/usb/access-report.csv' });
    mock.failures.ownAccessReportSave = { code: 'invalid', message: 'there is a file of that name already; name another one' };
    const own = screen.getByRole('group', { name: 'The patient’s own copy' });
    await user.click(within(own).getByRole('button', { name: 'PDF' }));
    expect(await within(own).findByText('There is a file of that name already; name another one.')).toBeVisible();
  });

  it('say what failed', async () => {
    mock.failures.accessReportRead = { code: 'audit-unavailable', message: 'the audit log could not be written' };
    const user = await open();
    await user.type(screen.getByRole('textbox', { name: 'Find the patient' }), 'smith');
    const list = await screen.findByRole('list', { name: 'Matching patients' });
    await user.click(within(list).getAllByRole('button')[0]!);
    expect(await screen.findByRole('alert')).toHaveTextContent('The audit log could not be written.');
  });
});
