// What became of every resource of an import.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ImportReport } from '@/api/types';
import { Empty } from '@/components/StateView';
import classes from './administration.module.css';

const step = 200;
const number = (value: number) => value.toLocaleString('en');

const verdicts: Record<string, string> = {
  done: 'Import finished',
  cancelled: 'Import stopped: what was stored before stays',
  failed: 'Import failed: what was stored before stays',
};

export function ImportReportView({ phase, report }: { phase: string; report: ImportReport }) {
  return (
    <div role="region" aria-label="Import report">
      <h2 className={classes.subheading}>{verdicts[phase] ?? phase}</h2>
      <p className="quiet">
        Files read: {number(report.files)}. Patients touched: {number(report.patients)}. Problems: {number(report.problems.length)}.
      </p>
      <table className={`${classes.table} ${classes.narrow}`} aria-label="Resources per type">
        <thead>
          <tr>
            <th scope="col">Resource type</th>
            <th scope="col" className={classes.number}>New</th>
            <th scope="col" className={classes.number}>Updated</th>
            <th scope="col" className={classes.number}>Unchanged</th>
            <th scope="col" className={classes.number}>Refused</th>
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
  if (report.problems.length === 0) return <Empty title="No problems" hint="Every resource was stored." />;
  const more = report.problems.length - shown;
  return (
    <>
      <h2 className={classes.subheading}>Not stored</h2>
      <table className={classes.table} aria-label="Problems">
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">Place</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {report.problems.slice(0, shown).map((problem) => (
            <tr key={`${problem.file} ${problem.place} ${problem.reason}`}>
              <th scope="row">{problem.file}</th>
              <td>{problem.place === '' ? 'whole file' : problem.place}</td>
              <td className={classes.reason}>{problem.reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 ? (
        <p>
          <Button variant="default" onClick={() => setShown(shown + step)}>
            Show {number(Math.min(step, more))} of {number(more)} more
          </Button>
        </p>
      ) : null}
    </>
  );
}
