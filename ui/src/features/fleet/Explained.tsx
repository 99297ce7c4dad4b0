// The share of accesses that something explains: a care team, an encounter, an appointment. What is left is small enough to be looked at.
import { t } from '@lingui/core/macro';
import type { FleetActivityView } from '@/api/types';
import { languageNow } from '@/lib/language/language';
import { number } from '@/lib/language/number';
import classes from './fleet.module.css';

export function Explained({ view }: { view: FleetActivityView }) {
  if (view.accesses === 0) return null;
  const share = (view.explained / view.accesses).toLocaleString(languageNow() === 'de' ? 'de' : 'en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const left = view.accesses - view.explained;
  return (
    <section className={classes.explained} aria-label={t`Explained access`}>
      <p>
        <strong className={classes.share}>{share}</strong> {t`of ${number(view.accesses)} chart accesses are explained by a care team, an encounter, an appointment or the like; ${number(left)} are not.`}
      </p>
      <progress max={view.accesses} value={view.explained} aria-label={t`Explained share of the chart accesses`} />
    </section>
  );
}
