import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { SectionTab } from '@/api/types';
import { SectionTabs } from './SectionTabs';

const tabs: SectionTab[] = [
  { section: 'summary', count: null },
  { section: 'problems', count: 12 },
  { section: 'medications', count: 8 },
  { section: 'procedures', count: 0 },
];

function strip() {
  const onOpen = vi.fn();
  const onEnterPanel = vi.fn();
  render(
    <>
      <SectionTabs tabs={tabs} open="summary" panelId="panel" tabId={(section) => section} onOpen={onOpen} onEnterPanel={onEnterPanel} />
      <div id="panel" />
    </>,
  );
  return { onOpen, onEnterPanel, user: userEvent.setup() };
}
const tab = (name: string) => screen.getByRole('tab', { name });

describe('the section tabs', () => {
  it('say their count, and only the open one is in the tab order', () => {
    strip();
    expect(tab('Problems 12')).toBeVisible();
    expect(tab('Procedures 0')).toBeVisible();
    expect(screen.getAllByRole('tab').filter((one) => one.tabIndex === 0)).toEqual([tab('Summary')]);
  });

  it('arrows only move, because every section read is on the record; Enter opens', async () => {
    const { onOpen, user } = strip();
    await user.tab();
    await user.keyboard('{ArrowRight}{ArrowRight}');
    expect(tab('Meds 8')).toHaveFocus();
    expect(onOpen).not.toHaveBeenCalled();
    await user.keyboard('{Enter}');
    expect(onOpen).toHaveBeenCalledExactlyOnceWith('medications');
  });

  it('go round, and know Home and End', async () => {
    const { user } = strip();
    await user.tab();
    await user.keyboard('{ArrowLeft}');
    expect(tab('Procedures 0')).toHaveFocus();
    await user.keyboard('{Home}');
    expect(tab('Summary')).toHaveFocus();
    await user.keyboard('{End}{ArrowRight}');
    expect(tab('Summary')).toHaveFocus();
  });

  it('a number opens that tab, a letter goes to the next tab that begins with it', async () => {
    const { onOpen, user } = strip();
    await user.tab();
    await user.keyboard('2');
    expect(onOpen).toHaveBeenCalledExactlyOnceWith('problems');
    await user.keyboard('pp');
    expect(tab('Procedures 0')).toHaveFocus();
  });

  it('arrow down goes into the section', async () => {
    const { onEnterPanel, user } = strip();
    await user.tab();
    await user.keyboard('{ArrowDown}');
    expect(onEnterPanel).toHaveBeenCalledOnce();
  });
});
