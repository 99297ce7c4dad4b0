// One thing in full: its facts in words, and the resource as it is stored.
import { t } from '@lingui/core/macro';
import { IconX } from '@tabler/icons-react';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import type { Section } from '@/api/types';
import classes from './DetailPane.module.css';
import { StoredResource } from './StoredResource';
import { ResourceHistory } from './write/ResourceHistory';

export type Fact = readonly [label: string, value: ReactNode];

type DetailPaneProps = {
  title: string;
  onClose(): void;
  facts?: readonly Fact[];
  children?: ReactNode;
  /** What to show as it is stored; its page, of a resource type that several pages show. */
  stored?: { patientId: string; resourceType: string; id: string; section?: Section };
  /** Reading it is on the record, so it waits to be asked for where the detail says everything already. */
  storedOnDemand?: boolean;
};

export function DetailPane({ title, onClose, facts = [], children, stored, storedOnDemand = false }: DetailPaneProps) {
  const pane = useRef<HTMLElement>(null);
  useEffect(() => pane.current?.focus(), []);

  // A key that a button in here names is heard as soon as this is open: the focus stands on the pane then.
  function press(event: KeyboardEvent<HTMLElement>) {
    if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return;
    const named = [...event.currentTarget.querySelectorAll<HTMLElement>('button[aria-keyshortcuts]')];
    const button = named.find((one) => one.getAttribute('aria-keyshortcuts') === event.key.toUpperCase());
    if (button === undefined) return;
    event.preventDefault();
    button.click();
  }

  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only listens
    <section ref={pane} id="detail" aria-label={title} tabIndex={-1} className={classes.pane} onKeyDown={press}>
      <header className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        <button type="button" className={classes.close} aria-label={t`Close (Esc)`} title={t`Close (Esc)`} onClick={onClose}>
          <IconX size={16} aria-hidden />
        </button>
      </header>
      {facts.length > 0 && <Facts facts={facts} />}
      {children}
      {stored !== undefined && <ResourceHistory {...stored} />}
      {stored !== undefined && <StoredResource {...stored} onDemand={storedOnDemand} />}
    </section>
  );
}

function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([label, value]) => (
        <div key={label} className={classes.fact}>
          <dt>{label}</dt>
          <dd>{value === '' ? t`Not known` : value}</dd>
        </div>
      ))}
    </dl>
  );
}
