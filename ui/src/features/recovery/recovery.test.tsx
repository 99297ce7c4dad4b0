import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { BackupPage } from './BackupPage';
import { RecoveryKeyFlow } from './RecoveryKeyFlow';

beforeEach(() => resetMock('administrator'));

describe('the recovery key at first start', () => {
  it('is shown once as text and code, saved, and counts when two groups are typed back', async () => {
    const user = userEvent.setup();
    renderScreen(<RecoveryKeyFlow stage="missing" />);
    await expectAccessible();
    await user.click(screen.getByRole('button', { name: 'Make the recovery key' }));
    const key = await screen.findByRole('list', { name: /group by group/ });
    expect(within(key).getAllByRole('listitem')).toHaveLength(14);
    expect(screen.getByRole('img', { name: /QR code/ })).toBeInTheDocument();
    await expectAccessible();
    await user.click(screen.getByRole('button', { name: 'Save the paper as PDF' }));
    expect(await screen.findByText(/Saved as \/media\/usb\/vigil-recovery-key-4B7C41C7.pdf/)).toBeInTheDocument();

    await user.type(screen.getByLabelText('Group 3'), '0W3G');
    await user.click(screen.getByRole('button', { name: /use this key/ }));
    expect(await screen.findByText('Type group 14 of the paper')).toBeInTheDocument();
    await user.type(screen.getByLabelText('Group 14'), 'XXXX');
    await user.click(screen.getByRole('button', { name: /use this key/ }));
    expect(await screen.findByText(/Group 14 is not what is on the paper/)).toBeInTheDocument();
    expect(screen.getByLabelText('Group 3')).toHaveValue('');
    await user.type(screen.getByLabelText('Group 3'), '0w3g');
    await user.type(screen.getByLabelText('Group 14'), 'KQE5');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(mock.recovery.stage).toBe('made'));
    expect(mock.calls.every((call) => !JSON.stringify(call.request).includes('KQE5'))).toBe(true);
  });

  it('is declined only by somebody who says that they know', async () => {
    const user = userEvent.setup();
    renderScreen(<RecoveryKeyFlow stage="missing" />);
    await user.click(screen.getByRole('button', { name: 'Go on without one' }));
    const decline = screen.getByRole('button', { name: 'Go on without a recovery key' });
    expect(decline).toBeDisabled();
    await expectAccessible();
    await user.click(screen.getByRole('checkbox'));
    await user.click(decline);
    await waitFor(() => expect(mock.recovery.stage).toBe('declined'));
  });
});

describe('backup and recovery', () => {
  it('writes a backup with progress and says where it is', async () => {
    const user = userEvent.setup();
    renderScreen(<BackupPage />);
    expect(await screen.findByText('19-Nov-2026 17:40 (2 days ago)')).toBeInTheDocument();
    await expectAccessible();
    await user.click(screen.getByRole('button', { name: 'Write a backup' }));
    expect(await screen.findByRole('progressbar')).toBeInTheDocument();
    await expectAccessible();
    expect(await screen.findByText(/Written: \/media\/usb\/vigil-backup-2026-11-22-0815.vigil/, undefined, { timeout: 5000 })).toBeInTheDocument();
    expect(await screen.findByText(/22-Nov-2026 08:21 \(today\)/)).toBeInTheDocument();
  });

  it('stops when asked', async () => {
    const user = userEvent.setup();
    renderScreen(<BackupPage />);
    await user.click(await screen.findByRole('button', { name: 'Write a backup' }));
    await user.click(await screen.findByRole('button', { name: 'Stop the backup' }));
    expect(await screen.findByText(/Nothing of it is left/, undefined, { timeout: 3000 })).toBeInTheDocument();
  });

  it('warns of an old backup and of a key that is missing', async () => {
    mock.backup = { ...mock.backup, ageDays: 19, overdue: true };
    mock.recovery = { stage: 'declined', fingerprint: null, made: null };
    renderScreen(<BackupPage />);
    expect(await screen.findByText(/The last backup is 19 days old/)).toBeInTheDocument();
    expect(await screen.findByText(/There is no recovery key/)).toBeInTheDocument();
    await expectAccessible();
  });

  it('asks for the password before a new key takes the place of the old one', async () => {
    const user = userEvent.setup();
    renderScreen(<BackupPage />);
    await user.click(await screen.findByRole('button', { name: 'Make a new recovery key' }));
    await user.type(screen.getByLabelText('Your password, again'), 'wrong{Enter}');
    expect(await screen.findByText(/is not right/)).toBeInTheDocument();
    expect(screen.getByLabelText('Your password, again')).toHaveValue('');
    await user.type(screen.getByLabelText('Your password, again'), 'a right one{Enter}');
    expect(await screen.findByRole('list', { name: /group by group/ })).toBeInTheDocument();
  });

  it('says what could not be read', async () => {
    mock.failures.backupStatusRead = { code: 'internal', message: 'the database failed; try again' };
    renderScreen(<BackupPage />);
    expect(await screen.findByRole('alert')).toHaveTextContent('Could not read when the last backup was written');
  });
});
