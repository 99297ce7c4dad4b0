// Why the form was not taken, beside it and read out.
import { IconAlertCircle } from '@tabler/icons-react';
import { sentence } from '@/components/StateView';
import classes from './session.module.css';

export function Problem({ message }: { message: string | undefined }) {
  return (
    <div role="alert" className={classes.problem}>
      {message === undefined ? null : (
        <>
          <IconAlertCircle size={16} aria-hidden /> <span>{sentence(message)}</span>
        </>
      )}
    </div>
  );
}
