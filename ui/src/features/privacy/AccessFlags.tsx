// What is worth a second look about an access. It accuses nobody: most people with one name are strangers.
import { t } from '@lingui/core/macro';
import type { AccessFlag, AccessFlagView } from '@/api/types';
import classes from './reports.module.css';

export const flagWords: Record<AccessFlag, string> = { get 'same-name'() { return t`Same name`; }, get 'same-address'() { return t`Same address`; }, get 'co-worker'() { return t`Co-worker`; }, get vip() { return t`VIP`; } };

export function AccessFlags({ flags }: { flags: readonly AccessFlagView[] }) {
  return (
    <span className={classes.flags}>
      {flags.map((flag) => (
        <span key={flag.kind} className={classes.flag} title={capital(flag.meaning)}>
          {flagWords[flag.kind]}
          <span className="visually-hidden">{`: ${flag.meaning}`}</span>
        </span>
      ))}
    </span>
  );
}

/** Shows what carries a flag, or everything. */
export function FlaggedOnly({ id, checked, onChange }: { id: string; checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label className={classes.only} htmlFor={id}>
      <input id={id} type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      {t`Flagged only`}
    </label>
  );
}

/** What the flags mean, and what is not compared. */
export function FlagLegend() {
  return (
    <details className={classes.legend}>
      <summary>{t`What the flags mean`}</summary>
      <dl>
        <dt>{flagWords['same-name']}</dt>
        <dd>{t`The user and the patient have the same family name, a former one included.`}</dd>
        <dt>{flagWords['same-address']}</dt>
        <dd>{t`The patient has an address of the Practitioner to whom the user’s account is linked. Of other users no address is known.`}</dd>
        <dt>{flagWords['co-worker']}</dt>
        <dd>
          {t`The record is labelled as an employee’s (HL7 v3 ActCode EMP), or a user of this workstation has the patient’s family name with the same given name or initial. Names alone prove nothing.`}
        </dd>
        <dt>{flagWords.vip}</dt>
        <dd>{t`The record is labelled as that of a very important person (HL7 v3 ActCode CEL or VIP).`}</dd>
      </dl>
    </details>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
