// Says what closing or opening an account means, and asks once.
import { t } from '@lingui/core/macro';
import { Button, Modal } from '@mantine/core';
import { useUserDisable, useUserEnable } from '@/api/mutations';
import type { UserView } from '@/api/types';
import { sentence } from '@/components/StateView';
import classes from './administration.module.css';

export function AccountQuestion({ user, onDone }: { user: UserView | null; onDone: () => void }) {
  const disable = useUserDisable();
  const enable = useUserEnable();
  const change = user?.disabled ? enable : disable;
  const title = user === null ? '' : user.disabled ? t`Open the account of ${user.displayName}` : t`Close the account of ${user.displayName}`;
  const close = () => {
    disable.reset();
    enable.reset();
    onDone();
  };
  return (
    <Modal opened={user !== null} onClose={close} title={title} closeButtonProps={{ 'aria-label': t`Close this question` }} transitionProps={{ duration: 0 }} returnFocus>
      <p>
        {user?.disabled
          ? t`They sign in again with the password that they had, and are granted the keys of today.`
          : t`They sign in no more, a session that is on ends at its next request, and every key that they held is replaced.`}
      </p>
      <div role="alert" className={classes.problem}>
        {change.error ? sentence(change.error.message) : null}
      </div>
      <div className={classes.account}>
        <Button loading={change.isPending} onClick={() => (user === null ? undefined : change.mutate(user.id, { onSuccess: close }))}>
          {title}
        </Button>
        <Button variant="default" onClick={close}>
          {t`Cancel`}
        </Button>
      </div>
    </Modal>
  );
}
