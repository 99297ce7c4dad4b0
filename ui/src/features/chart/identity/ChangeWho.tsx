// Changing who this is, in place of the section: what is stored is read when this opens, and what is typed is laid over it.
import { t } from '@lingui/core/macro';
import { usePatientDemographics } from '@/api/registration';
import type { BannerView } from '@/api/types';
import { StateView } from '@/components/StateView';
import { ChangeWhoForm } from './ChangeWhoForm';
import classes from './identity.module.css';

type ChangeWhoProps = { banner: BannerView; onDone: (stored: string) => void };

export function ChangeWho({ banner, onDone }: ChangeWhoProps) {
  const read = usePatientDemographics(banner.patientId);
  return (
    <section id="change-who" data-scrolls aria-label={t`Change who this is`} className={classes.page}>
      <h2 className={classes.heading}>{t`Change who this is`}</h2>
      <StateView read={read} what={t`who this is`} stillTrue={t`Nothing was changed. The banner above still holds.`}>
        {(view) => <ChangeWhoForm banner={banner} view={view} onDone={onDone} />}
      </StateView>
      {read.isSuccess ? null : (
        <button type="button" className={classes.button} onClick={() => onDone('')}>
          {t`Back to the chart`}
        </button>
      )}
    </section>
  );
}
