// The whole window when the workstation did not open: why, and what to do.
import { IconShieldLock } from '@tabler/icons-react';
import { Failed } from '@/components/StateView';
import classes from './session.module.css';

export function StartFailurePage({ error }: { error: unknown }) {
  return (
    <main className={classes.gate}>
      <div className={classes.card}>
        <header className={classes.head}>
          <IconShieldLock size={22} aria-hidden />
          <span className={classes.product}>Vigil</span>
        </header>
        <h1 className={classes.title}>This workstation did not open</h1>
        <Failed what="Nothing was changed" error={error} />
        <p className={classes.hint}>Once that is done, close this window and start Vigil again.</p>
      </div>
    </main>
  );
}
