// The patient flags that stand, each with a sign and its words; what is hidden or cannot be read is counted. Never blank, never cut.
import { plural, t } from '@lingui/core/macro';
import { IconBiohazard, IconEyeOff, IconFlag, IconFlagOff, IconHeart, IconPlugConnectedX, IconShieldExclamation } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { FlagSign, FlagsBanner } from '@/api/types';
import classes from './FlagState.module.css';

type Sign = ComponentType<{ size: number; 'aria-hidden': true; className?: string | undefined }>;

const signs: Record<FlagSign, Sign> = {
  'advance-directive': IconHeart,
  contact: IconBiohazard,
  safety: IconShieldExclamation,
  other: IconFlag,
};

/** A word before those of the flag, where they do not say by themselves what they are about. */
const about: Partial<Record<FlagSign, string>> = { get 'advance-directive'() { return t`Advance directive`; } };

export function FlagState({ banner }: { banner: FlagsBanner }) {
  if (banner.state === 'unavailable') return <Note kind="unread" sign={IconPlugConnectedX} words={t`Flags could not be read`} />;
  if (banner.state === 'hidden') return <Note kind="quiet" sign={IconEyeOff} words={t`Flags hidden from your role`} />;
  const { items, hidden, unread } = banner;
  if (items.length + hidden + unread === 0) return <Note kind="quiet" sign={IconFlagOff} words={t`No flags set`} />;
  return (
    <div className={classes.row}>
      {items.length === 0 ? null : (
        <ul className={classes.list} aria-label={t`Flags`}>
          {items.map(({ sign, text }, index) => (
            <Item key={`${index} ${text}`} sign={sign} text={text} />
          ))}
        </ul>
      )}
      {unread === 0 ? null : <Note kind="unread" sign={IconPlugConnectedX} words={plural(unread, { one: '# flag could not be read', other: '# flags could not be read' })} />}
      {hidden === 0 ? null : <Note kind="quiet" sign={IconEyeOff} words={plural(hidden, { one: '# flag hidden from your role', other: '# flags hidden from your role' })} />}
    </div>
  );
}

function Item({ sign, text }: { sign: FlagSign; text: string }) {
  const Shown = signs[sign];
  return (
    <li className={classes.item} data-sign={sign}>
      <Shown size={15} aria-hidden className={classes.sign} />
      <span className={classes.text}>
        {about[sign] === undefined ? null : <span className={classes.about}>{`${about[sign]} `}</span>}
        <strong>{text}</strong>
      </span>
    </li>
  );
}

function Note({ kind, sign: Shown, words }: { kind: 'unread' | 'quiet'; sign: Sign; words: string }) {
  return (
    <p className={classes.note} data-kind={kind}>
      <Shown size={15} aria-hidden className={classes.sign} />
      <span className={classes.text}>{words}</span>
    </p>
  );
}
