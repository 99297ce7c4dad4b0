import type { ReactNode } from 'react';

/** One column of a grid. */
export type Column<R> = {
  key: string;
  header: string;
  /** A CSS grid track that does not depend on the rows: pixels, fr or minmax of them. */
  width: string;
  align?: 'right';
  cell(row: R): ReactNode;
};

/** The widths below which rows are stacked; the style sheet has one rule for each. */
const STEPS = [480, 640, 760] as const;
const GAP = 12;
/** What a column that shares the rest needs to be read. */
const SHARE = 110;

/** Below which width these columns no longer stand side by side. */
export function stacksBelow(columns: readonly Pick<Column<never>, 'width'>[]): (typeof STEPS)[number] {
  const needed = columns.reduce((sum, column) => sum + (least(column.width) || SHARE) + GAP, GAP);
  return STEPS.find((step) => step >= needed) ?? STEPS[2];
}

const least = (width: string) => Number(/^(?:minmax\()?(\d+)px/.exec(width)?.[1] ?? 0);
