// The whole window when the workstation did not open: why, what to do, and where the device key is gone for good the recovery key.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { useState } from 'react';
import { failureOf } from '@/api/client';
import { useSessionAgain, useWorkstationRecover } from '@/api/mutations';
import type { WorkstationRecoverView } from '@/api/types';
import { Failed } from '@/components/StateView';
import { RecoverForm } from './RecoverForm';
import classes from './session.module.css';

export function StartFailurePage({ error }: { error: unknown }) {
  const [recovered, setRecovered] = useState<WorkstationRecoverView | null>(null);
  return (
    <main className={classes.gate}>
      <div className={classes.card}>
        <header className={classes.head}>
          <IconShieldLock size={22} aria-hidden />
          <span className={classes.product}>Vigil</span>
        </header>
        {recovered === null ? <Refused error={error} onRecovered={setRecovered} /> : <Recovered view={recovered} />}
      </div>
    </main>
  );
}

function Refused({ error, onRecovered }: { error: unknown; onRecovered: (view: WorkstationRecoverView) => void }) {
  const [withKey, setWithKey] = useState(false);
  const recover = useWorkstationRecover(onRecovered);
  return (
    <>
      <h1 className={classes.title}>{t`This workstation did not open`}</h1>
      <Failed what={t`Nothing was changed`} error={error} />
      <p className={classes.hint}>{t`Once that is done, close this window and start Vigil again.`}</p>
      {failureOf(error).code !== 'device-key-lost' ? null : withKey ? (
        <>
          <p className={classes.hint}>
            {t`The recovery key seals the data for this device anew. Every user then needs a new password: you give one to an administrator here, and they give the others theirs. It is on record.`}
          </p>
          <RecoverForm send={recover} label={t`Open with the recovery key`} action={t`Open the data with this key`} />
        </>
      ) : (
        <>
          <p className={classes.hint}>{t`Is the TPM, the token or the keystore gone for good?`}</p>
          <Button variant="default" fullWidth onClick={() => setWithKey(true)}>
            {t`Open with the organisation recovery key`}
          </Button>
        </>
      )}
    </>
  );
}

function Recovered({ view }: { view: WorkstationRecoverView }) {
  const again = useSessionAgain();
  return (
    <>
      <h1 className={classes.title}>{t`The data opens again`}</h1>
      <p role="status">{t`The device key is kept by: ${view.custodian}.`}</p>
      {view.findings.length === 0 ? null : (
        <div role="alert" className={classes.problem}>
          <div>
            {t`The audit log is not what was written; keep this workstation as it is and call the privacy officer:`}
            <ul aria-label={t`Findings`}>
              {view.findings.map((finding) => (
                <li key={finding}>{finding}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
      <p className={classes.hint}>{t`Sign in with the new password. Then choose another one, give every user a new password, and write a backup.`}</p>
      <Button fullWidth autoFocus onClick={again}>
        {t`Go to the sign-in`}
      </Button>
    </>
  );
}
