// The striped edge above the banner while a chart is open through a broken glass: how long it stays, and the way to end it.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useEmergencyAccessEnd, useEmergencyOver } from '@/api/mutations';
import type { EmergencyView } from '@/api/types';
import { sentence } from '@/components/StateView';
import { overrideReasonWords } from '@/lib/words';
import classes from './EmergencyStrip.module.css';

export function EmergencyStrip({ patientId, name, emergency }: { patientId: string; name: string; emergency: EmergencyView }) {
  const end = useEmergencyAccessEnd(patientId);
  const over = useEmergencyOver(patientId);
  const left = useSecondsLeft(emergency, over);
  return (
    <section className={classes.strip} aria-label={t`Emergency access`}>
      <p className={classes.words}>
        <Trans><strong>Emergency access</strong> {overrideReasonWords[emergency.reason]}. Everything you open is recorded and will be reviewed.</Trans>
      </p>
      <p className={classes.left} role="timer" aria-label={t`Time left`}>
        {clock(left)}
      </p>
      <Button size="compact-sm" variant="default" loading={end.isPending} onClick={() => end.mutate()}>
        {t`End access to ${name}`}
      </Button>
      {end.error ? (
        <p role="alert" className={classes.problem}>
          {sentence(end.error.message)}
        </p>
      ) : null}
    </section>
  );
}

/** Counts down from the core's answer. The core closes the chart by its own clock; this only shows it. */
function useSecondsLeft(emergency: EmergencyView, over: () => void): number {
  const [seconds, setSeconds] = useState(emergency.secondsLeft);
  useEffect(() => {
    const until = performance.now() + emergency.secondsLeft * 1000;
    const timer = setInterval(() => {
      const left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
      setSeconds(left);
      if (left === 0) {
        clearInterval(timer);
        over();
      }
    }, 1000);
    return () => clearInterval(timer);
    // A new answer starts a new count.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [emergency]);
  return seconds;
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
