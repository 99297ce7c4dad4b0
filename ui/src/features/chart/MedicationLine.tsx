// One medicine as NHS CUI draws it: name in bold, DOSE before the dose, broken only between parts, never cut (MEDi-010, 011, 022, 038, 041, 051).
import type { MedicationRow } from '@/api/types';
import classes from './MedicationLine.module.css';

export function MedicationLine({ row }: { row: MedicationRow }) {
  const structured = row.dose !== '' || row.route !== '' || row.frequency !== '';
  const parts = [
    ...(row.dose === '' ? [] : [<Dose key="dose" dose={row.dose} />]),
    ...[row.route, row.frequency].filter((part) => part !== ''),
    ...(structured || row.text === '' ? [] : [row.text]),
  ];
  return (
    <span className={classes.line}>
      <span className={classes.part}>
        <strong>{row.name === '' ? 'Medicine not named' : row.name}</strong>
        {parts.length > 0 && <Dash />}
      </span>
      {parts.map((part, at) => (
        <span key={at} className={classes.part}>
          {part}
          {at < parts.length - 1 && <Dash />}
        </span>
      ))}
    </span>
  );
}

function Dose({ dose }: { dose: string }) {
  return (
    <>
      <span className={classes.label}>DOSE</span> <strong>{dose}</strong>
    </>
  );
}

const Dash = () => <span className={classes.dash}>{' – '}</span>;
