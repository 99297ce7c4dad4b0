// The second step of a sign-in: the password was right, the second factor is asked for.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useFactorVerify, useSessionEnd } from '@/api/mutations';
import type { SessionView } from '@/api/types';
import { FactorField, missingFactor, takeFactor, type FactorWay } from '@/components/FactorField';
import { focusField } from '@/lib/form';
import { GatePage } from './GatePage';
import { Problem } from './Problem';
import classes from './session.module.css';

export function FactorAskedPage({ session }: { session: SessionView }) {
  const verify = useFactorVerify();
  const end = useSessionEnd();
  const [way, setWay] = useState<FactorWay>('code');
  const [missing, setMissing] = useState<string>();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const proof = takeFactor(form, way);
    setMissing(proof === null ? missingFactor(way) : undefined);
    if (proof === null || !(await verify.submit({ proof }))) focusField(form, 'factor');
  }

  return (
    <GatePage session={session} title={t`Sign in: second factor`}>
      <form className={classes.form} aria-label={t`Second factor`} noValidate onSubmit={(event) => void submit(event)}>
        <FactorField way={way} onWay={setWay} smartCards={session.smartCards} focus />
        <Problem message={missing ?? verify.failure?.message ?? end.error?.message} />
        <Button type="submit" loading={verify.pending} fullWidth>
          {t`Sign in`}
        </Button>
        <Button type="button" variant="default" fullWidth onClick={() => end.mutate(false)} disabled={end.isPending}>
          {t`Back`}
        </Button>
      </form>
    </GatePage>
  );
}
