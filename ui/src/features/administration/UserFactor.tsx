// The second factors of a user in the list, and taking them away: the user sets up new ones at the next sign-in.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { failureOf } from '@/api/client';
import { useUserFactorDelete } from '@/api/mutations';
import { useSession } from '@/api/queries';
import type { UserView } from '@/api/types';
import { sentence } from '@/components/StateView';
import { factorWords } from '@/lib/words';
import classes from './administration.module.css';

export function UserFactor({ user }: { user: UserView }) {
  const remove = useUserFactorDelete();
  const own = useSession().data?.user?.id === user.id;
  const [asked, setAsked] = useState(false);
  if (user.factors.length === 0) return <span className="quiet">{t`none`}</span>;
  const kinds = [...new Set(user.factors)].map((kind) => factorWords[kind]).join(', ');
  return (
    <span className={classes.factor}>
      {kinds}
      {own ? null : asked ? (
        <>
          <Button size="compact-xs" color="red.9" loading={remove.isPending} onClick={() => remove.mutate({ userId: user.id }, { onSettled: () => setAsked(false) })}>
            {t`Remove it from ${user.displayName}`}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => setAsked(false)}>
            {t`Keep it`}
          </Button>
        </>
      ) : (
        <Button size="compact-xs" variant="subtle" aria-label={t`Remove the second factor of ${user.displayName}`} onClick={() => setAsked(true)}>
          {t`Remove`}
        </Button>
      )}
      {remove.error === null ? null : (
        <span role="alert" className={classes.problem}>
          {sentence(failureOf(remove.error).message)}
        </span>
      )}
    </span>
  );
}
