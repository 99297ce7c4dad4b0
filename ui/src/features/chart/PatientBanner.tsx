// Whose chart this is, always in sight (NHS CUI Patient Banner; the ids are its rules).
// Full width on top (PAB-0009 to 0012); name, birth date, gender, number in this order (PAB-0016); no colon after labels (PAB-0042).
import { t } from '@lingui/core/macro';
import { IconLock, IconUsers } from '@tabler/icons-react';
import type { BannerView } from '@/api/types';
import { AllergyState } from './AllergyState';
import { FlagState } from './FlagState';
import { codeWords } from '@/lib/language/codeWords';
import { aged, longMoment, moment } from '@/lib/language/moment';
import classes from './PatientBanner.module.css';

export function PatientBanner({ banner }: { banner: BannerView }) {
  const dead = banner.deceased !== null;
  return (
    <section aria-label={t`Patient`} className={classes.banner} data-deceased={dead || undefined}>
      <div className={classes.identity}>
        <strong className={classes.name}>{known(banner.name)}</strong>
        <Item label={t`Born`} value={longMoment(known(banner.birthDate))} after={dead || banner.age === '' ? '' : `(${aged(banner.age)})`} />
        {dead && <Item label={t`Died`} value={longMoment(deathDate(banner.deceased))} after={banner.age === '' ? '' : t`(aged ${aged(banner.age)})`} />}
        <Item label={t`Gender`} value={codeWords(known(banner.gender))} />
        <Item label={t`MRN`} value={known(banner.mrn)} tabular />
        {banner.restricted && (
          <span className={classes.restricted}>
            <IconLock size={14} aria-hidden />
            {t`Restricted record`}
          </span>
        )}
      </div>
      <div className={classes.states}>
        <AllergyState banner={banner.allergies} />
        <FlagState banner={banner.flags} />
      </div>
      {banner.lookAlikes.length > 0 && (
        <p className={classes.lookAlikes}>
          <IconUsers size={14} aria-hidden />
          <span>
            <span className={classes.label}>{t`Look twice, similar names here`}</span>{' '}
            {banner.lookAlikes.map((name, index) => (
              <span key={name}>
                <strong className={classes.similar}>{moment(name)}</strong>
                {index < banner.lookAlikes.length - 1 && ', '}
              </span>
            ))}
          </span>
        </p>
      )}
    </section>
  );
}

function Item({ label, value, after = '', tabular = false }: { label: string; value: string; after?: string; tabular?: boolean }) {
  return (
    <span className={classes.item}>
      <span className={classes.label}>{label}</span>{' '}
      <strong className={tabular ? classes.tabular : undefined}>{after === '' ? value : `${value} ${after}`}</strong>
    </span>
  );
}

/** PAB-0019: what is not known says so; it is never blank and never a question mark. */
const known = (value: string) => (value.trim() === '' ? t`Not known` : value);

const deathDate = (value: string | null) => (value === null || value.trim() === '' ? t`date not known` : value);
