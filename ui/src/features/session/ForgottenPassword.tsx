// A forgotten password: whom to ask, and for administrators the recovery key.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useUserPasswordRecover } from '@/api/mutations';
import { RecoverForm } from './RecoverForm';
import classes from './session.module.css';

export function ForgottenPassword({ onBack }: { onBack: (said?: string) => void }) {
  const [withKey, setWithKey] = useState(false);
  const recover = useUserPasswordRecover(() => onBack(t`Sign in with the new password; then choose one of your own.`));
  return (
    <>
      <p className={classes.hint}>
        <Trans><strong>Ask an administrator of this workstation.</strong> They give you a password for one sign-in, at which you choose your own. Nobody can read the
        old one.</Trans>
      </p>
      {withKey ? (
        <>
          <p className={classes.hint}>{t`For administrators, with the organisation recovery key from its envelope. The use of the key is on record.`}</p>
          <RecoverForm send={recover} label={t`Recover an administrator’s password`} action={t`Give the administrator this password`} />
        </>
      ) : (
        <Button variant="default" fullWidth autoFocus onClick={() => setWithKey(true)}>
          {t`I am an administrator and have the recovery key`}
        </Button>
      )}
      <p className={classes.hint}>
        <Button variant="subtle" size="compact-sm" onClick={() => onBack()}>
          {t`Back to the sign-in`}
        </Button>
      </p>
    </>
  );
}
