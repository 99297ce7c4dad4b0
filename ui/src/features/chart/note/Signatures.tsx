// Who signed a note and when, and whether its text is still what was signed.
import { IconAlertOctagon, IconCircleCheck, IconHelpCircle } from '@tabler/icons-react';
import type { NoteSignatureView, SignatureCheck } from '@/api/types';
import classes from './note.module.css';

const checks: Record<SignatureCheck, { words: string; Icon: typeof IconCircleCheck }> = {
  intact: { words: 'text is what was signed', Icon: IconCircleCheck },
  broken: { words: 'this is not what was signed', Icon: IconAlertOctagon },
  'not-known': { words: 'signed with a key that this workstation does not know, so it cannot be checked', Icon: IconHelpCircle },
};

export const isBroken = (signatures: readonly NoteSignatureView[]) => signatures.some((one) => one.check === 'broken');

/** Before anything else that could be taken for the note. */
export function BrokenSignature() {
  return (
    <div role="alert" className={classes.broken}>
      <IconAlertOctagon size={20} aria-hidden />
      <div>
        <p className={classes.brokenTitle}>This is not what was signed</p>
        <p className={classes.plain}>The text or a signature under it was changed outside Vigil. Do not rely on it; ask the author, and tell your administrator.</p>
      </div>
    </div>
  );
}

export function Signatures({ signatures }: { signatures: readonly NoteSignatureView[] }) {
  return (
    <ul aria-label="Signatures" className={classes.signatures}>
      {signatures.map((one, index) => {
        const { words, Icon } = checks[one.check];
        return (
          <li key={index} data-check={one.check}>
            <Icon size={16} aria-hidden />
            <span>
              <strong>{one.who}</strong>
              {`, ${one.cosigned ? 'cosigned' : 'author'}, ${one.when}: `}
              <span className={classes.check}>{words}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
