// Where a paper goes: to a printer of this workstation, or to a new file.
import { t } from '@lingui/core/macro';
import type { UseQueryResult } from '@tanstack/react-query';
import type { PrintersView } from '@/api/types';
import { sentence } from '@/components/StateView';
import { whole } from './stock';
import classes from './print.module.css';

type WhereProps = {
  printers: UseQueryResult<PrintersView>;
  toFile: boolean;
  onTarget: (target: string) => void;
  printer: string;
  onPrinter: (printer: string) => void;
  copies: number;
  onCopies: (copies: number) => void;
};

export function Where({ printers, toFile, onTarget, printer, onPrinter, copies, onCopies }: WhereProps) {
  const names = printers.data?.printers ?? [];
  const problem = printers.isError ? t`the printers could not be asked for; save a file` : (printers.data?.problem ?? null);
  return (
    <fieldset className={classes.group}>
      <legend>{t`Where to`}</legend>
      <div className={classes.row}>
        <label className={classes.choice}>
          <input type="radio" name="target" value="printer" checked={!toFile} disabled={names.length === 0} onChange={() => onTarget('printer')} />
          <span>{t`Printer`}</span>
        </label>
        <label className={classes.choice}>
          <input type="radio" name="target" value="file" checked={toFile} onChange={() => onTarget('file')} />
          <span>{t`PDF file`}</span>
        </label>
      </div>
      {printers.isPending ? <p className={classes.hint}>{t`Asking for the printers…`}</p> : null}
      {problem === null ? null : <p className={classes.hint}>{sentence(problem)}</p>}
      {toFile ? (
        <p className={classes.hint}>{t`A new file that only you can read. Whoever gets it later can read it too: delete it when it has done its work.`}</p>
      ) : (
        <div className={classes.row}>
          <label className={classes.field}>
            <span>{t`Printer`}</span>
            <select className={classes.select} value={printer} onChange={(event) => onPrinter(event.currentTarget.value)}>
              {names.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <label className={classes.number}>
            <span>{t`Copies`}</span>
            <input className={classes.input} type="number" min={1} max={20} value={copies} onChange={(event) => onCopies(whole(event.currentTarget.value))} />
          </label>
        </div>
      )}
    </fieldset>
  );
}
