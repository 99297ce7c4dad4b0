// The second factor of a form: a code, a recovery code, or the card in the reader.
import { t } from '@lingui/core/macro';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { IconArrowsExchange } from '@tabler/icons-react';
import type { FactorProof } from '@/api/types';
import { clear, field } from '@/lib/form';
import classes from './FactorField.module.css';

export type FactorWay = 'code' | 'recovery-code' | 'smart-card';

const words: Record<FactorWay, { change: string; missing: string }> = {
  code: { get change() { return t`Use a code`; }, get missing() { return t`Type the six digits that your authenticator app shows`; } },
  'recovery-code': { get change() { return t`Use a recovery code`; }, get missing() { return t`Type one of your recovery codes`; } },
  'smart-card': { get change() { return t`Use my card`; }, get missing() { return t`Type the PIN of your card`; } },
};

type Props = { way: FactorWay; onWay: (way: FactorWay) => void; smartCards: boolean; error?: string | undefined; focus?: boolean };

export function FactorField({ way, onWay, smartCards, error, focus = false }: Props) {
  const others = (Object.keys(words) as FactorWay[]).filter((one) => one !== way && (one !== 'smart-card' || smartCards));
  return (
    <div className={classes.factor}>
      <Entry way={way} error={error} focus={focus} />
      <div className={classes.ways}>
        {others.map((one) => (
          <Button key={one} type="button" variant="subtle" size="compact-sm" leftSection={<IconArrowsExchange size={14} aria-hidden />} onClick={() => onWay(one)}>
            {words[one].change}
          </Button>
        ))}
      </div>
    </div>
  );
}

function Entry({ way, error, focus }: { way: FactorWay; error: string | undefined; focus: boolean }) {
  switch (way) {
    case 'code':
      return (
        <TextInput
          key={way}
          name="factor"
          label={t`Code`}
          description={t`Six digits of your authenticator app. Each opens once.`}
          inputMode="numeric"
          autoComplete="one-time-code"
          spellCheck={false}
          maxLength={9}
          autoFocus={focus}
          error={error}
          classNames={{ input: classes.digits ?? '' }}
        />
      );
    case 'recovery-code':
      return (
        <TextInput
          key={way}
          name="factor"
          label={t`Recovery code`}
          description={t`Ten letters and digits. It is used up by this.`}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          autoFocus
          error={error}
          classNames={{ input: classes.digits ?? '' }}
        />
      );
    case 'smart-card':
      return (
        <PasswordInput
          key={way}
          name="factor"
          label={t`PIN of your card`}
          description={t`Insert the card first and leave it in.`}
          autoComplete="off"
          autoFocus
          error={error}
          visibilityToggleButtonProps={{ 'aria-label': t`Show the PIN` }}
        />
      );
  }
}

/** Takes what was typed out of the form, which is empty afterwards; null when nothing was typed. */
export function takeFactor(form: HTMLFormElement, way: FactorWay): FactorProof | null {
  const typed = field(form, 'factor').trim();
  clear(form, 'factor');
  if (typed === '') return null;
  return way === 'smart-card' ? { kind: way, pin: typed } : { kind: way, code: typed };
}

/** What to say when nothing was typed. */
export function missingFactor(way: FactorWay): string {
  return words[way].missing;
}
