// The allergy state in words, with a sign: one of four states, or hidden; never blank, never cut (NHS CUI PAB-0064, PAB-0008).
import { t } from '@lingui/core/macro';
import { IconAlertTriangle, IconEyeOff, IconHelpCircle, IconPlugConnectedX, IconShieldCheck } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { AllergyBanner } from '@/api/types';
import classes from './AllergyState.module.css';

type State = AllergyBanner['state'];

const words: Record<State, string> = {
  get known() { return t`Known allergies`; },
  get 'no-known'() { return t`No known allergies`; },
  get 'not-recorded'() { return t`Allergies not recorded`; },
  get unavailable() { return t`Allergies unavailable`; },
  get hidden() { return t`Allergies hidden from your role`; },
};

const signs: Record<State, ComponentType<{ size: number; 'aria-hidden': true; className?: string | undefined }>> = {
  known: IconAlertTriangle,
  'no-known': IconShieldCheck,
  'not-recorded': IconHelpCircle,
  unavailable: IconPlugConnectedX,
  hidden: IconEyeOff,
};

export function AllergyState({ banner }: { banner: AllergyBanner }) {
  const state = whole(banner);
  const Sign = signs[state];
  return (
    <p className={classes.state} data-state={state}>
      <Sign size={16} aria-hidden className={classes.sign} />
      <span className={classes.text}>
        <span className={classes.word}>{words[state]}</span>
        {banner.state === 'known' &&
          banner.items.map((item, index) => (
            <span key={`${index} ${item}`} className={classes.item}>
              <strong>{item}</strong>
              {index < banner.items.length - 1 && ', '}
            </span>
          ))}
      </span>
    </p>
  );
}

/** A list that says "known" and names nothing must not read as a list of none. */
const whole = (banner: AllergyBanner): State => (banner.state === 'known' && banner.items.length === 0 ? 'unavailable' : banner.state);
