// What bands and labels are made of: presets to begin with, and every number can be changed. Tenths of a millimetre, as the core takes them.
import { t } from '@lingui/core/macro';
import type { BandStock, LabelStock } from '@/api/types';

/** What the page begins with. */
export const adultBand: BandStock = { length: 2540, breadth: 250 };
export const a4Labels: LabelStock = { sheetWidth: 2100, sheetHeight: 2970, columns: 3, rows: 8, labelWidth: 700, labelHeight: 370, left: 0, top: 5, gutter: 0 };

export const bands: Record<string, { label: string; stock: BandStock }> = {
  adult: { get label() { return t`Adult, 254 by 25 mm`; }, stock: adultBand },
  child: { get label() { return t`Child, 178 by 25 mm`; }, stock: { length: 1780, breadth: 250 } },
};

export const sheets: Record<string, { label: string; stock: LabelStock }> = {
  'a4-24': { get label() { return t`A4, 24 labels of 70 by 37 mm`; }, stock: a4Labels },
  'letter-30': {
    get label() { return t`Letter, 30 labels of 66.7 by 25.4 mm`; },
    stock: { sheetWidth: 2159, sheetHeight: 2794, columns: 3, rows: 10, labelWidth: 667, labelHeight: 254, left: 48, top: 127, gutter: 31 },
  },
  roll: {
    get label() { return t`Roll, one label of 51 by 25 mm`; },
    stock: { sheetWidth: 510, sheetHeight: 250, columns: 1, rows: 1, labelWidth: 510, labelHeight: 250, left: 0, top: 0, gutter: 0 },
  },
};

export const bandFields = (): [keyof BandStock, string][] => [
  ['length', t`Length`],
  ['breadth', t`Breadth`],
];

/** Counts are whole numbers; the rest is in millimetres. */
export const sheetFields = (): [keyof LabelStock, string, 'mm' | 'count'][] => [
  ['sheetWidth', t`Sheet width`, 'mm'],
  ['sheetHeight', t`Sheet height`, 'mm'],
  ['columns', t`Columns`, 'count'],
  ['rows', t`Rows`, 'count'],
  ['labelWidth', t`Label width`, 'mm'],
  ['labelHeight', t`Label height`, 'mm'],
  ['left', t`Free on the left`, 'mm'],
  ['top', t`Free on top`, 'mm'],
  ['gutter', t`Between columns`, 'mm'],
];

/** `25.4` as tenths; what is no number is 0, which the core refuses in words. */
export const tenths = (typed: string) => Math.max(0, Math.round(Number(typed.replace(',', '.')) * 10) || 0);
export const whole = (typed: string) => Math.max(0, Math.trunc(Number(typed)) || 0);
