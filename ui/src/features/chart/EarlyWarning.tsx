// The early-warning score NEWS2 above the vital signs: total, what it asks for, the seven parts, what is missing, source.
import { IconAlertTriangle, IconAlertTriangleFilled, IconHelpCircle, IconInfoCircle } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { EarlyWarningLevel, EarlyWarningPart, EarlyWarningView } from '@/api/types';
import { useKept } from '@/lib/kept';
import classes from './EarlyWarning.module.css';
import { Quiet, WhenText } from './Quiet';

const signs: Record<EarlyWarningLevel, ComponentType<{ size: number; 'aria-hidden': true; className?: string | undefined }>> = {
  none: IconHelpCircle,
  routine: IconInfoCircle,
  assess: IconInfoCircle,
  review: IconAlertTriangle,
  urgent: IconAlertTriangle,
  emergency: IconAlertTriangleFilled,
};

export function EarlyWarning({ warning }: { warning: EarlyWarningView }) {
  // Many outpatient charts have a pressure and no whole set: one line then, unless a single part asks for a look.
  const quiet = warning.total === null && !warning.parts.some((part) => part.points === 3);
  const [folded, setFolded] = useKept<boolean>('early-warning/folded', quiet);
  if (warning.notAssessed !== '') {
    return (
      <section aria-label="Early warning score" className={classes.line}>
        <IconInfoCircle size={16} aria-hidden className={classes.sign} />
        <span>{`No early warning score: ${warning.notAssessed}`}</span>
      </section>
    );
  }
  const Sign = signs[warning.level];
  return (
    <section aria-label="Early warning score" className={classes.card} data-level={warning.level}>
      <div className={classes.head}>
        <Sign size={20} aria-hidden className={classes.sign} />
        <h2 className={classes.title}>NEWS2</h2>
        <strong className={classes.total}>{warning.total ?? 'no score'}</strong>
        {warning.band !== '' && <strong>{warning.band}</strong>}
        {warning.monitoring !== '' && <span>{warning.monitoring}</span>}
        <span className={classes.when}>
          <Quiet>{warning.total === null ? 'latest value ' : 'of '}</Quiet>
          <WhenText when={warning.when} />
        </span>
        <button type="button" aria-expanded={!folded} className={classes.fold} onClick={() => setFolded(!folded)}>
          {folded ? 'Show parts' : 'Fold'}
        </button>
      </div>
      {warning.missing.length > 0 && (
        <p className={classes.text}>
          <strong>{`Missing within one hour: ${warning.missing.join(', ')}.`}</strong> Without them there is no score.
        </p>
      )}
      {warning.newer !== '' && <p className={classes.newer}>{warning.newer}</p>}
      {!folded && (
        <>
          {warning.response !== '' && <p className={classes.text}>{warning.response}.</p>}
          <ul className={classes.parts}>
            {warning.parts.map((part) => (
              <Part key={part.name} part={part} />
            ))}
          </ul>
          <p className={classes.more}>{[`Source: ${warning.source}.`, ...warning.notes].join(' ')}</p>
        </>
      )}
    </section>
  );
}

function Part({ part }: { part: EarlyWarningPart }) {
  const points = part.points === null ? 'no points' : part.points === 1 ? '1 point' : `${part.points} points`;
  return (
    <li className={classes.part} data-points={part.points ?? 'none'}>
      <span className={classes.name}>{part.name}</span>
      <span className={classes.value}>{part.value === '' ? 'missing' : part.value}</span>
      <span className={classes.points}>{points}</span>
    </li>
  );
}
