// The accounting of disclosures (45 CFR 164.528): what left this workstation about a patient in six years.
import { t } from '@lingui/core/macro';
import { useDisclosureAccounting } from '@/api/reportQueries';
import { saveDisclosureAccounting } from '@/api/reportFiles';
import type { DisclosureAccountingView } from '@/api/types';
import { Empty, StateView } from '@/components/StateView';
import { moment } from '@/lib/language/moment';
import { basisWords } from '@/lib/words';
import { SaveReport } from './SaveReport';
import classes from './reports.module.css';

export function Disclosures({ patientId }: { patientId: string }) {
  const accounting = useDisclosureAccounting(patientId);
  return (
    <StateView read={accounting} what={t`the accounting of disclosures`} stillTrue={t`Nothing of it was shown; the attempt is on record.`}>
      {(view) => <Accounting view={view} patientId={patientId} />}
    </StateView>
  );
}

function Accounting({ view, patientId }: { view: DisclosureAccountingView; patientId: string }) {
  return (
    <>
      <h2 className={classes.subheading}>{moment(view.about)}</h2>
      <p className={classes.lead}>
        {t`From ${moment(view.from)} to ${view.until}: exports from this workstation. Those for treatment, payment and operations, to the patient and under an authorization need not be accounted for (164.528(a)(1)); they are listed all the same.`}
      </p>
      <div className={classes.counts}>
        <span role="status">{view.rows.length === 1 ? t`1 disclosure` : t`${view.rows.length} disclosures`}</span>
        <SaveReport
          label={t`Save the accounting`}
          files={[
            { label: 'PDF', suggested: 'accounting-of-disclosures.pdf', save: (path) => saveDisclosureAccounting({ patientId, form: 'pdf', path }) },
            { label: 'CSV', suggested: 'accounting-of-disclosures.csv', save: (path) => saveDisclosureAccounting({ patientId, form: 'csv', path }) },
          ]}
        />
      </div>
      {view.rows.length === 0 ? (
        <Empty title={t`Nothing was disclosed`} hint={t`Each export of the record appears here, with who received it and what for.`} />
      ) : (
        // The list scrolls by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className={classes.scroller} tabIndex={0} role="region" aria-label={t`Disclosures`}>
          <table className={classes.accounting} aria-label={t`Disclosures, newest first`}>
            <thead>
              <tr>
                <th scope="col">{t`Date`}</th>
                <th scope="col">{t`Received by`}</th>
                <th scope="col">{t`What`}</th>
                <th scope="col">{t`Purpose`}</th>
                <th scope="col">{t`Ground`}</th>
                <th scope="col">{t`Accounting`}</th>
                <th scope="col">{t`Disclosed by`}</th>
                <th scope="col" className={classes.number}>
                  {t`Entry`}
                </th>
              </tr>
            </thead>
            <tbody>
              {view.rows.map((row) => (
                <tr key={row.sequence}>
                  <td>{moment(row.recorded)}</td>
                  <th scope="row">
                    {row.recipient}
                    {row.address === '' ? null : <span className="quiet">{row.address}</span>}
                  </th>
                  <td>{row.description}</td>
                  <td>{row.purpose}</td>
                  <td>{row.basis === null ? t`Not recorded` : basisWords[row.basis]}</td>
                  <td>{row.accountable ? t`Required` : t`Not required`}</td>
                  <td>{row.who}</td>
                  <td className={classes.number}>{row.sequence}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
