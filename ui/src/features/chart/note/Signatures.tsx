// Who signed a note and when, and whether its text is still what was signed.
import { t } from '@lingui/core/macro';
import { IconAlertOctagon, IconCircleCheck, IconHelpCircle } from '@tabler/icons-react';
import type { NoteSignatureView, SignatureCheck } from '@/api/types';
import { moment } from '@/lib/language/moment';
import classes from './note.module.css';

const checks: Record<SignatureCheck, { words: string; Icon: typeof IconCircleCheck }> = {
  intact: { get words() { return t`text is what was signed`; }, Icon: IconCircleCheck },
  broken: { get words() { return t`this is not what was signed`; }, Icon: IconAlertOctagon },
  'not-known': { get words() { return t`signed with a key that this workstation does not know, so it cannot be checked`; }, Icon: IconHelpCircle },
};

export const isBroken = (signatures: readonly NoteSignatureView[]) => signatures.some((one) => one.check === 'broken');

/** Before anything else that could be taken for the note. */
export function BrokenSignature() {
  return (
    <div role="alert" className={classes.broken}>
      <IconAlertOctagon size={20} aria-hidden />
      <div>
        <p className={classes.brokenTitle}>{t`This is not what was signed`}</p>
        <p className={classes.plain}>{t`The text or a signature under it was changed outside Vigil. Do not rely on it; ask the author, and tell your administrator.`}</p>
      </div>
    </div>
  );
}

export function Signatures({ signatures }: { signatures: readonly NoteSignatureView[] }) {
  return (
    <ul aria-label={t`Signatures`} className={classes.signatures}>
      {signatures.map((one, index) => {
        const { words, Icon } = checks[one.check];
        return (
          <li key={index} data-check={one.check}>
            <Icon size={16} aria-hidden />
            <span>
              <strong>{one.who}</strong>
              {`, ${one.cosigned ? t`cosigned` : t`author`}, ${moment(one.when)}: `}
              <span className={classes.check}>{words}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
