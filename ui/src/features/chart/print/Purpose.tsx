// What a paper is for. Whatever leaves the house says who gets it and why: it is in the accounting of disclosures for six years.
import { t } from '@lingui/core/macro';
import type { DisclosureBasis, PaperPurpose } from '@/api/types';
import { basisWords } from '@/lib/words';
import classes from './print.module.css';

type PurposeProps = {
  purpose: PaperPurpose;
  onPurpose: (purpose: PaperPurpose) => void;
  basis: DisclosureBasis | '';
  onBasis: (basis: DisclosureBasis | '') => void;
  recipient: string;
  onRecipient: (text: string) => void;
  address: string;
  onAddress: (text: string) => void;
  reason: string;
  onReason: (text: string) => void;
};

const purposes = (): [PaperPurpose, string][] => [
  ['patient', t`The patient`],
  ['care', t`Those who treat the patient here`],
  ['other', t`Somebody else`],
];

export function Purpose({ purpose, onPurpose, basis, onBasis, recipient, onRecipient, address, onAddress, reason, onReason }: PurposeProps) {
  return (
    <fieldset className={classes.group}>
      <legend>{t`Who gets it`}</legend>
      <div className={classes.row}>
        {purposes().map(([one, label]) => (
          <label key={one} className={classes.choice}>
            <input type="radio" name="purpose" value={one} checked={one === purpose} onChange={() => onPurpose(one)} />
            <span>{label}</span>
          </label>
        ))}
      </div>
      {purpose === 'other' ? (
        <>
          <p className={classes.hint}>{t`Kept with the record for six years, and told to the patient who asks (accounting of disclosures).`}</p>
          <label className={classes.field}>
            <span>{t`Who`}</span>
            <input className={classes.input} name="recipient" maxLength={200} required value={recipient} onChange={(event) => onRecipient(event.currentTarget.value)} />
          </label>
          <label className={classes.field}>
            <span>{t`Their address, if it is known`}</span>
            <input className={classes.input} name="address" maxLength={200} value={address} onChange={(event) => onAddress(event.currentTarget.value)} />
          </label>
          <label className={classes.field}>
            <span>{t`On what ground`}</span>
            <select className={classes.select} name="basis" required value={basis} onChange={(event) => onBasis(event.currentTarget.value as DisclosureBasis | '')}>
              <option value="">{t`Choose`}</option>
              {(Object.keys(basisWords) as DisclosureBasis[]).map((one) => (
                <option key={one} value={one}>
                  {basisWords[one]}
                </option>
              ))}
            </select>
          </label>
          <label className={classes.field}>
            <span>{t`What for`}</span>
            <textarea className={classes.text} name="reason" rows={2} maxLength={500} required value={reason} onChange={(event) => onReason(event.currentTarget.value)} />
          </label>
        </>
      ) : null}
    </fieldset>
  );
}
