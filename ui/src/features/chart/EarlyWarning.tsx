// The early-warning score NEWS2 above the vital signs: total, what it asks for, the seven parts, what is missing, source.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
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
      <section aria-label={t`Early warning score`} className={classes.line}>
        <IconInfoCircle size={16} aria-hidden className={classes.sign} />
        <span>{t`No early warning score: ${warning.notAssessed}`}</span>
      </section>
    );
  }
  const Sign = signs[warning.level];
  return (
    <section aria-label={t`Early warning score`} className={classes.card} data-level={warning.level}>
      <div className={classes.head}>
        <Sign size={20} aria-hidden className={classes.sign} />
        <h2 className={classes.title}>{t`NEWS2`}</h2>
        <strong className={classes.total}>{warning.total ?? t`no score`}</strong>
        {warning.band !== '' && <strong lang="en">{warning.band}</strong>}
        {warning.monitoring !== '' && <span lang="en">{warning.monitoring}</span>}
        <span className={classes.when}>
          <Quiet>{warning.total === null ? t`latest value` : t`of`}</Quiet>{' '}
          <WhenText when={warning.when} />
        </span>
        <button type="button" aria-expanded={!folded} className={classes.fold} onClick={() => setFolded(!folded)}>
          {folded ? t`Show parts` : t`Fold`}
        </button>
      </div>
      {warning.missing.length > 0 && (
        <p className={classes.text}>
          <Trans><strong>Missing within one hour: {warning.missing.join(', ')}.</strong> Without them there is no score.</Trans>
        </p>
      )}
      {warning.newer !== '' && <p className={classes.newer} lang="en">{warning.newer}</p>}
      {!folded && (
        <>
          {warning.response !== '' && <p className={classes.text} lang="en">{warning.response}.</p>}
          <ul className={classes.parts}>
            {warning.parts.map((part) => (
              <Part key={part.name} part={part} />
            ))}
          </ul>
          <p className={classes.more}>
            {t`Source: ${warning.source}.`} <span lang="en">{warning.notes.join(' ')}</span>
          </p>
        </>
      )}
    </section>
  );
}

function Part({ part }: { part: EarlyWarningPart }) {
  const points = part.points === null ? t`no points` : plural(part.points, { one: '# point', other: '# points' });
  return (
    <li className={classes.part} data-points={part.points ?? 'none'}>
      <span className={classes.name} lang="en">{part.name}</span>
      <span className={classes.value}>{part.value === '' ? t`missing` : part.value}</span>
      <span className={classes.points}>{points}</span>
    </li>
  );
}
