import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { expectAccessible } from '@/lib/testing/render';
import { DataGrid } from './DataGrid';

type Row = { id: string; name: string };
const make = (count: number): Row[] => Array.from({ length: count }, (_, at) => ({ id: `r${at}`, name: at === 2 ? 'Jaundice' : `Row ${at}` }));
const columns = [{ key: 'name', header: 'Name', width: '1fr', cell: (row: Row) => row.name }];

function grid(count: number, onOpen = vi.fn()) {
  render(<DataGrid label="Things" rows={make(count)} columns={columns} rowKey={(row) => row.id} searchText={(row) => row.name} onOpen={onOpen} />);
  return { onOpen, grid: screen.getByRole('grid', { name: 'Things' }), user: userEvent.setup() };
}
const active = (element: HTMLElement) => document.getElementById(element.getAttribute('aria-activedescendant') ?? '')?.textContent;

describe('the grid', () => {
  it('moves with j, k, arrows, Home and End and opens with Enter', async () => {
    const { grid: list, user, onOpen } = grid(5);
    await user.tab();
    await user.tab();
    expect(list).toHaveFocus();
    await user.keyboard('jj');
    expect(active(list)).toBe('Jaundice');
    await user.keyboard('k{ArrowDown}{ArrowDown}');
    expect(active(list)).toBe('Row 3');
    await user.keyboard('{End}');
    expect(active(list)).toBe('Row 4');
    await user.keyboard('{Home}{Enter}');
    expect(onOpen).toHaveBeenCalledWith({ id: 'r0', name: 'Row 0' });
  });

  it('filters by typing, says how many are left, and Esc shows all again', async () => {
    const { grid: list, user } = grid(5);
    list.focus();
    await user.keyboard('aun');
    expect(screen.getByRole('textbox', { name: 'Filter Things' })).toHaveValue('aun');
    expect(screen.getByRole('status')).toHaveTextContent('1 of 5 shown');
    await user.keyboard('{Enter}');
    expect(list).toHaveFocus();
    await user.keyboard('{Escape}');
    expect(screen.getByRole('status')).toHaveTextContent('5 in all');
  });

  it('begins a filter with / for words that start with j or k', async () => {
    const { grid: list, user } = grid(5);
    list.focus();
    await user.keyboard('/ja');
    expect(screen.getByRole('textbox')).toHaveValue('ja');
    expect(within(list).getAllByRole('rowheader')).toHaveLength(1);
  });

  it('says so when nothing matches', async () => {
    const { user } = grid(5);
    await user.type(screen.getByRole('textbox'), 'zzz');
    expect(screen.getByText('No row holds “zzz”. Esc shows all 5 again.')).toBeVisible();
  });

  it('draws few of 5,000 rows, says how many there are, and reaches the last', async () => {
    const { grid: list, user } = grid(5000);
    expect(within(list).getAllByRole('row').length, 'only the rows in sight may be in the page').toBeLessThan(80);
    expect(within(list).getByText('Row 0')).toBeVisible();
    expect(list).toHaveAttribute('aria-rowcount', '5001');
    list.focus();
    await user.keyboard('{End}');
    expect(active(list), 'the row that the grid points at is always in the page').toBe('Row 4999');
    await user.keyboard('49');
    await user.keyboard('98');
    expect(within(list).getByText('Row 4998')).toBeVisible();
  });

  it('has nothing for axe to find', async () => {
    grid(5);
    await expectAccessible();
  });
});
