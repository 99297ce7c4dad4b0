// Right after the password: somebody who needs a second factor and has none sets one up before anything else is in reach.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useSessionEnd, useSessionEnter } from '@/api/mutations';
import type { FactorCreatedView, SessionView } from '@/api/types';
import { FactorSetup, RecoveryCodes } from './FactorSetup';
import { GatePage } from './GatePage';
import { Problem } from './Problem';
import classes from './session.module.css';

export function EnrolmentPage({ session }: { session: SessionView }) {
  const enter = useSessionEnter();
  const end = useSessionEnd();
  const [made, setMade] = useState<FactorCreatedView | null>(null);
  return (
    <GatePage session={session} title={t`Set up your second factor`}>
      {made === null ? (
        <>
          <p className={classes.hint}>
            {t`${session.user?.displayName ?? t`You`}, this hospital asks for a second factor beside the password. Nothing else opens before it is set up.`}
          </p>
          <FactorSetup smartCards={session.smartCards} begin onMade={setMade} />
        </>
      ) : (
        <div className={classes.form}>
          <p role="status">{t`${made.factor.name} is set up.`}</p>
          {made.codes.length === 0 ? null : <RecoveryCodes codes={made.codes} />}
          <Problem message={enter.error?.message} />
          <Button autoFocus loading={enter.isPending} onClick={() => enter.mutate()}>
            {made.codes.length === 0 ? t`Go on` : t`I have written them down, go on`}
          </Button>
        </div>
      )}
      <Button className={classes.apart ?? ''} variant="default" fullWidth onClick={() => end.mutate(false)} disabled={end.isPending}>
        {made === null ? t`Back to sign-in` : t`Sign out`}
      </Button>
    </GatePage>
  );
}
