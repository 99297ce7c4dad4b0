// How large bands and labels are: a preset, and every number of it.
import { t } from '@lingui/core/macro';
import type { BandStock, LabelStock, PaperKind } from '@/api/types';
import { bandFields, bands, sheetFields, sheets, tenths, whole } from './stock';
import classes from './print.module.css';

type SizesProps = {
  kind: PaperKind;
  band: BandStock;
  onBand: (band: BandStock) => void;
  labels: LabelStock;
  onLabels: (labels: LabelStock) => void;
  count: number;
  onCount: (count: number) => void;
  skip: number;
  onSkip: (skip: number) => void;
};

export function Sizes({ kind, band, onBand, labels, onLabels, count, onCount, skip, onSkip }: SizesProps) {
  if (kind === 'wristband') {
    return (
      <fieldset className={classes.group}>
        <legend>{t`Size of the band`}</legend>
        <Preset of={bands} stock={band} onStock={onBand} />
        <div className={classes.row}>
          {bandFields().map(([key, label]) => (
            <Length key={key} label={label} value={band[key]} onValue={(value) => onBand({ ...band, [key]: value })} />
          ))}
        </div>
      </fieldset>
    );
  }
  return (
    <fieldset className={classes.group}>
      <legend>{t`Labels`}</legend>
      <Preset of={sheets} stock={labels} onStock={onLabels} />
      <div className={classes.row}>
        <Count label={t`How many`} value={count} least={1} onValue={onCount} />
        <Count label={t`Used on the first sheet`} value={skip} least={0} onValue={onSkip} />
      </div>
      <details>
        <summary>{t`Own sizes`}</summary>
        <div className={classes.row}>
          {sheetFields().map(([key, label, unit]) =>
            unit === 'mm' ? (
              <Length key={key} label={label} value={labels[key]} onValue={(value) => onLabels({ ...labels, [key]: value })} />
            ) : (
              <Count key={key} label={label} value={labels[key]} least={1} onValue={(value) => onLabels({ ...labels, [key]: value })} />
            ),
          )}
        </div>
      </details>
    </fieldset>
  );
}

function Preset<S extends object>({ of, stock, onStock }: { of: Record<string, { label: string; stock: S }>; stock: S; onStock: (stock: S) => void }) {
  const chosen = Object.keys(of).find((key) => JSON.stringify(of[key]?.stock) === JSON.stringify(stock)) ?? '';
  return (
    <label className={classes.field}>
      <span>{t`Size`}</span>
      <select
        className={classes.select}
        value={chosen}
        onChange={(event) => {
          const next = of[event.currentTarget.value];
          if (next !== undefined) onStock(next.stock);
        }}
      >
        {chosen === '' ? <option value="">{t`Own size`}</option> : null}
        {Object.entries(of).map(([key, { label }]) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

function Length({ label, value, onValue }: { label: string; value: number; onValue: (tenths: number) => void }) {
  return (
    <label className={classes.number}>
      <span>{t`${label} (mm)`}</span>
      <input className={classes.input} type="number" min={0} step={0.1} value={value / 10} onChange={(event) => onValue(tenths(event.currentTarget.value))} />
    </label>
  );
}

function Count({ label, value, least, onValue }: { label: string; value: number; least: number; onValue: (count: number) => void }) {
  return (
    <label className={classes.number}>
      <span>{label}</span>
      <input className={classes.input} type="number" min={least} step={1} value={value} onChange={(event) => onValue(whole(event.currentTarget.value))} />
    </label>
  );
}
