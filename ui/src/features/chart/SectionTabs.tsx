// The sections of a chart as tabs with counts. Arrows only move: each section that is read is on the record, so opening takes Enter, Space or a click.
import { t } from '@lingui/core/macro';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { Section, SectionTab } from '@/api/types';
import { sectionWords } from '@/lib/words';
import classes from './SectionTabs.module.css';

type SectionTabsProps = {
  tabs: SectionTab[];
  open: Section | undefined;
  panelId: string;
  tabId(section: Section): string;
  onOpen(section: Section): void;
  onEnterPanel(): void;
};

export function SectionTabs({ tabs, open, panelId, tabId, onOpen, onEnterPanel }: SectionTabsProps) {
  const buttons = useRef(new Map<Section, HTMLButtonElement>());
  const [reached, setReached] = useState<Section | null>(null);
  const stop = tabs.some((tab) => tab.section === reached) ? reached : open;

  // Zoomed in, the tabs scroll sideways; the open one is in sight.
  useEffect(() => {
    if (open !== undefined) buttons.current.get(open)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [open]);

  function move(index: number) {
    const tab = tabs[(index + tabs.length) % tabs.length];
    if (tab === undefined) return;
    setReached(tab.section);
    const button = buttons.current.get(tab.section);
    button?.focus();
  }

  function press(event: KeyboardEvent<HTMLButtonElement>, index: number) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const target = tabKey(event.key, index, tabs);
    if (target === 'panel') onEnterPanel();
    else if (target === null) return;
    else if (typeof target === 'number') move(target);
    else onOpen(target);
    event.preventDefault();
  }

  return (
    <div role="tablist" aria-label={t`Chart sections`} className={classes.tabs} onBlur={() => setReached(null)}>
      {tabs.map((tab, index) => {
        const { short, label: full } = sectionWords[tab.section];
        const selected = tab.section === open;
        return (
          <button
            key={tab.section}
            ref={(button) => {
              if (button === null) buttons.current.delete(tab.section);
              else buttons.current.set(tab.section, button);
            }}
            type="button"
            role="tab"
            id={tabId(tab.section)}
            aria-selected={selected}
            aria-controls={selected ? panelId : undefined}
            aria-keyshortcuts={index < 9 ? `Alt+${index + 1}` : undefined}
            title={index < 9 ? t`${full} (Alt+${index + 1})` : full}
            tabIndex={tab.section === stop ? 0 : -1}
            className={classes.tab}
            onClick={() => onOpen(tab.section)}
            onKeyDown={(event) => press(event, index)}
          >
            {tab.count === null ? short : `${short} `}
            {tab.count !== null && <span className={classes.count}>{tab.count}</span>}
          </button>
        );
      })}
    </div>
  );
}

/** What a key does on a tab: an index to move to, a section to open, the panel to enter, or nothing. */
function tabKey(key: string, index: number, tabs: SectionTab[]): number | Section | 'panel' | null {
  switch (key) {
    case 'ArrowRight':
      return index + 1;
    case 'ArrowLeft':
      return index - 1;
    case 'Home':
      return 0;
    case 'End':
      return tabs.length - 1;
    case 'ArrowDown':
      return 'panel';
  }
  if (/^[1-9]$/.test(key)) return tabs[Number(key) - 1]?.section ?? null;
  if (!/^[a-z]$/i.test(key)) return null;
  // A letter goes to the next tab that begins with it.
  const round = tabs.map((_, step) => (index + 1 + step) % tabs.length);
  return round.find((at) => startsWith(tabs[at], key)) ?? null;
}

function startsWith(tab: SectionTab | undefined, letter: string): boolean {
  return tab !== undefined && sectionWords[tab.section].short.toLowerCase().startsWith(letter.toLowerCase());
}
