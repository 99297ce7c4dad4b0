// One medicine as NHS CUI draws it: name in bold, DOSE before the dose, broken only between parts, never cut (MEDi-010, 011, 022, 038, 041, 051).
import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import type { MedicationRow } from '@/api/types';
import classes from './MedicationLine.module.css';
import { Quiet } from './Quiet';

export function MedicationLine({ row }: { row: MedicationRow }) {
  const structured = row.dose !== '' || row.route !== '' || row.frequency !== '';
  const { parts } = row;
  const all: ReactNode[] = [
    <strong key="name">{nameOf(row)}</strong>,
    ...(parts === null ? [] : [parts.brand === '' ? '' : `[${parts.brand}]`, parts.strength, parts.form, parts.amount]),
    row.dose === '' ? '' : <Dose key="dose" dose={row.dose} />,
    row.route,
    row.frequency,
    structured ? '' : row.text,
    // Which approval it has is no part of what is given: set apart, at the end.
    parts === null || parts.approval === '' ? '' : <Quiet key="approval">{t`approval ${parts.approval}`}</Quiet>,
  ].filter((part) => part !== '');
  return (
    <span className={classes.line}>
      {all.map((part, at) => (
        <span key={at} className={classes.part}>
          {part}
          {at < all.length - 1 && <Dash />}
        </span>
      ))}
    </span>
  );
}

function nameOf(row: MedicationRow): string {
  if (row.parts !== null) return row.parts.ingredient;
  return row.name === '' ? t`Medicine not named` : row.name;
}

function Dose({ dose }: { dose: string }) {
  return (
    <>
      <span className={classes.label}>{t`DOSE`}</span> <strong>{dose}</strong>
    </>
  );
}

const Dash = () => <span className={classes.dash}>{' – '}</span>;
