// The keys of the workstation: what there is, how old it is, what replaces it, and who used it.
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useSession } from '@/api/queries';
import { KeyTable } from './KeyTable';
import { KeyUseLog } from './KeyUseLog';
import classes from './keys.module.css';

type Tab = 'keys' | 'log';
const tabs: { value: Tab; label: string }[] = [
  { value: 'keys', get label() { return t`Keys`; } },
  { value: 'log', get label() { return t`Key access log`; } },
];

export function KeysPage() {
  const [tab, setTab] = useState<Tab>('keys');
  const mayRotate = useSession().data?.may.rotateKeys ?? false;
  return (
    <section className={classes.page} aria-label={t`Keys`}>
      <h1 className={classes.heading}>{t`Keys`}</h1>
      <p className={classes.lead}>
        {t`No key is ever shown. What a former key sealed stays readable; what is written from now on lies under the new one.`}
      </p>
      <div className={classes.tabs} role="group" aria-label={t`What to look at`}>
        {tabs.map((one) => (
          <button key={one.value} type="button" aria-pressed={tab === one.value} onClick={() => setTab(one.value)}>
            {one.label}
          </button>
        ))}
      </div>
      {tab === 'keys' ? <KeyTable mayRotate={mayRotate} /> : <KeyUseLog />}
    </section>
  );
}
