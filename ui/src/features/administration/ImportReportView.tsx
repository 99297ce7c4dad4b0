// What became of every resource of an import.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ImportReport } from '@/api/types';
import { Empty } from '@/components/StateView';
import { number } from '@/lib/language/number';
import classes from './administration.module.css';

const step = 200;


const verdicts: Record<string, string> = {
  get done() { return t`Import finished`; },
  get cancelled() { return t`Import stopped: what was stored before stays`; },
  get failed() { return t`Import failed: what was stored before stays`; },
};

export function ImportReportView({ phase, report }: { phase: string; report: ImportReport }) {
  return (
    <div role="region" aria-label={t`Import report`}>
      <h2 className={classes.subheading}>{verdicts[phase] ?? phase}</h2>
      <p className="quiet">
        {t`Files read: ${number(report.files)}. Patients touched: ${number(report.patients)}. Problems: ${number(report.problems.length)}.`}
      </p>
      <table className={`${classes.table} ${classes.narrow}`} aria-label={t`Resources per type`}>
        <thead>
          <tr>
            <th scope="col">{t`Resource type`}</th>
            <th scope="col" className={classes.number}>{t`New`}</th>
            <th scope="col" className={classes.number}>{t`Updated`}</th>
            <th scope="col" className={classes.number}>{t`Unchanged`}</th>
            <th scope="col" className={classes.number}>{t`Refused`}</th>
          </tr>
        </thead>
        <tbody>
          {report.types.map((type) => (
            <tr key={type.resourceType}>
              <th scope="row">{type.resourceType}</th>
              <td className={classes.number}>{number(type.created)}</td>
              <td className={classes.number}>{number(type.updated)}</td>
              <td className={classes.number}>{number(type.unchanged)}</td>
              <td className={classes.number} data-bad={type.refused > 0 || undefined}>{number(type.refused)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Problems report={report} />
    </div>
  );
}

function Problems({ report }: { report: ImportReport }) {
  const [shown, setShown] = useState(step);
  if (report.problems.length === 0) return <Empty title={t`No problems`} hint={t`Every resource was stored.`} />;
  const more = report.problems.length - shown;
  return (
    <>
      <h2 className={classes.subheading}>{t`Not stored`}</h2>
      <table className={classes.table} aria-label={t`Problems`}>
        <thead>
          <tr>
            <th scope="col">{t`File`}</th>
            <th scope="col">{t`Place`}</th>
            <th scope="col">{t`Reason`}</th>
          </tr>
        </thead>
        <tbody>
          {report.problems.slice(0, shown).map((problem) => (
            <tr key={`${problem.file} ${problem.place} ${problem.reason}`}>
              <th scope="row">{problem.file}</th>
              <td>{problem.place === '' ? t`whole file` : problem.place}</td>
              <td className={classes.reason} lang="en">{problem.reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 ? (
        <p>
          <Button variant="default" onClick={() => setShown(shown + step)}>
            {t`Show ${number(Math.min(step, more))} of ${number(more)} more`}
          </Button>
        </p>
      ) : null}
    </>
  );
}
