import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock, session } from '@/api/mock';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { SupervisedLift, SuspensionNote } from './SupervisedLift';

const note = { since: '22-Nov-2026 02:41', incident: null, opened: 81, asked: 84, usual: '20', emergency: true };

beforeEach(() => {
  resetMock('physician');
  mock.stage = 'locked';
  mock.suspension = note;
});

describe('a suspended account', () => {
  it('says what happened and what goes on', async () => {
    renderScreen(<SuspensionNote note={note} />);
    expect(screen.getByText(/84 charts were asked for within an hour, where 20 are usual/)).toBeVisible();
    expect(screen.getByText(/In an emergency a chart still opens/)).toBeVisible();
    await expectAccessible();
  });

  it('says that it is so on every workstation, and over which incident of the server', () => {
    renderScreen(<SuspensionNote note={{ ...note, incident: '12', opened: 0, asked: 0, usual: '0' }} />);
    expect(screen.getByRole('note')).toHaveTextContent('Suspended on every workstation since 22-Nov-2026 02:41');
    expect(screen.getByRole('note')).toHaveTextContent('(incident 12)');
    expect(screen.getByRole('note'), 'numbers of this workstation say nothing then').not.toHaveTextContent('0 charts');
  });

  it('is lifted by a supervisor, whose password stays nowhere', async () => {
    const user = userEvent.setup();
    renderScreen(<SupervisedLift session={session()} />);
    await user.click(screen.getByRole('button', { name: 'A supervisor is here' }));
    await expectAccessible();
    const lift = screen.getByRole('button', { name: 'Lift the suspension' });
    await user.click(lift);
    expect(screen.getByRole('alert')).toHaveTextContent('Type the supervisor’s user name');
    await user.type(screen.getByLabelText('Supervisor’s user name'), 'privacy');
    await user.type(screen.getByLabelText('Why it is lifted'), 'Vaccination day, as announced');
    await user.type(screen.getByLabelText('Supervisor’s password'), 'wrong');
    await user.click(lift);
    expect(await screen.findByText('The user name or the password is not right; try again.')).toBeVisible();
    expect(screen.getByLabelText('Supervisor’s password')).toHaveValue('');
    await user.type(screen.getByLabelText('Supervisor’s password'), 'right and long');
    await user.click(lift);
    await expect.poll(() => mock.suspension).toBeNull();
    expect(JSON.stringify(mock.calls)).not.toContain('right and long');
  });
});
