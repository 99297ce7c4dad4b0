import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { mock, resetMock } from '@/api/mock';
import { useEmergencyAccount } from '@/api/emergencyAccount';
import { StateView } from '@/components/StateView';
import { expectAccessible, renderScreen } from '@/lib/testing/render';
import { EmergencyAccount } from './EmergencyAccount';

function Part() {
  return (
    <StateView read={useEmergencyAccount()} what="the state of the emergency account">
      {(value) => <EmergencyAccount state={value} />}
    </StateView>
  );
}

describe('the emergency account', () => {
  beforeEach(() => resetMock('administrator'));

  it('is sealed once both papers are saved and both holders typed a group back', async () => {
    const user = userEvent.setup();
    renderScreen(<Part />);
    await user.click(await screen.findByRole('button', { name: 'Seal an emergency account' }));
    await user.type(screen.getByLabelText('Holder of the first half'), 'Ward 4 East');
    await user.type(screen.getByLabelText('Holder of the second half'), 'Pharmacy');
    await user.click(screen.getByRole('button', { name: 'Make two halves' }));
    const seal = await screen.findByRole('button', { name: /seal the account/ });
    expect(seal, 'not before the papers are out').toBeDisabled();
    for (const saved of [1, 2]) {
      const [next] = screen.getAllByRole('button', { name: 'Save the paper as PDF' });
      if (next) await user.click(next);
      await waitFor(() => expect(screen.getAllByText('saved')).toHaveLength(saved));
    }
    await expectAccessible();
    await user.type(screen.getByLabelText('Group 2 of half 1'), 'aaaa');
    await user.type(screen.getByLabelText('Group 5 of half 2'), 'cccc');
    await user.click(seal);
    expect(await screen.findByText(/group 5 of half 2 is not what is on the paper/i)).toBeInTheDocument();
    await user.type(screen.getByLabelText('Group 2 of half 1'), 'aaaa');
    await user.type(screen.getByLabelText('Group 5 of half 2'), 'bbbb');
    await user.click(seal);
    expect(await screen.findByText(/Held by Ward 4 East and Pharmacy/)).toBeInTheDocument();
    expect(JSON.stringify(mock.calls), 'no group is remembered').not.toContain('BBBB');
  });

  it('says that it was used and has to be sealed anew', async () => {
    mock.emergencyAccount = { sealed: '1', sealedBy: 'A', holders: ['B', 'C'], opened: '28-Nov-2026 20:45', draft: null };
    renderScreen(<Part />);
    expect(await screen.findByRole('note')).toHaveTextContent('It was used on 28-Nov-2026 20:45');
    expect(screen.getByRole('button', { name: 'Seal it anew' })).toBeInTheDocument();
    await expectAccessible();
  });
});
