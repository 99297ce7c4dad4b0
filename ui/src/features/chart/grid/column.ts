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
