// One part of the summary: its name, how many, the way to the whole section, and its rows or the word that there are none.
import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import type { Section } from '@/api/types';
import { inside } from '@/lib/language/language';
import { sectionWords } from '@/lib/words';
import { DataGrid, type DataGridProps } from '../grid/DataGrid';
import classes from './Summary.module.css';

type SummaryBlockProps<R> = Pick<DataGridProps<R>, 'rows' | 'columns' | 'rowKey' | 'searchText' | 'onOpen'> & {
  section: Section;
  title: string;
  /** What is said when there are no rows. */
  none: string;
  before?: ReactNode;
  onSection(section: Section): void;
};

export function SummaryBlock<R>({ section, title, none, before, onSection, onOpen, ...grid }: SummaryBlockProps<R>) {
  const open = onOpen ?? (() => onSection(section));
  return (
    <section aria-label={title} className={classes.block}>
      <header className={classes.head}>
        <h2 className={classes.title}>
          {title} {grid.rows.length > 0 && <span className={classes.count}>{grid.rows.length}</span>}
        </h2>
        <button type="button" className={classes.all} onClick={() => onSection(section)}>
          {t`All ${inside(sectionWords[section].label)}`}
        </button>
      </header>
      {before !== undefined && <div className={classes.before}>{before}</div>}
      {grid.rows.length > 0 && <DataGrid inline label={title} {...grid} onOpen={open} />}
      {grid.rows.length === 0 && none !== '' && <p className={classes.none}>{none}</p>}
    </section>
  );
}
