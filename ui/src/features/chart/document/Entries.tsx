// What of a section can be taken, entry by entry, and what stays in the document, with the reason.
import { t } from '@lingui/core/macro';
import type { ReviewEntry, ReviewSection } from '@/api/types';
import { sectionWords } from '@/lib/words';
import { inWords } from '../Quiet';
import classes from './document.module.css';

type EntriesProps = { section: ReviewSection; taken: ReadonlySet<number>; onTick(numbers: readonly number[], take: boolean): void };

export function Entries({ section, taken, onTick }: EntriesProps) {
  const { entries, left } = section;
  const fresh = entries.filter((entry) => entry.standing === 'new').map((entry) => entry.number);
  const ticked = entries.filter((entry) => taken.has(entry.number)).map((entry) => entry.number);
  return (
    <div className={classes.entries}>
      <div className={classes.head}>
        <h3 className={classes.subtitle}>{entries.length === 0 ? t`No entries` : t`Entries: ${ticked.length} of ${entries.length} ticked`}</h3>
        {fresh.length === 0 ? null : (
          <button type="button" className={classes.button} onClick={() => onTick(fresh, true)}>
            {t`Tick the ${fresh.length} new`}
          </button>
        )}
        {ticked.length === 0 ? null : (
          <button type="button" className={classes.button} onClick={() => onTick(ticked, false)}>
            {t`Tick none`}
          </button>
        )}
      </div>
      <ul className={classes.list}>
        {entries.map((entry) => (
          <Entry key={entry.number} entry={entry} ticked={taken.has(entry.number)} onTick={(take) => onTick([entry.number], take)} />
        ))}
      </ul>
      {left.length === 0 ? null : (
        <>
          <h3 className={classes.subtitle}>{t`Stays in the document: ${left.length}`}</h3>
          <ul className={classes.left}>
            {left.map((one, index) => (
              // They have no ids, and never move.
              <li key={index}>
                <strong>{one.what}</strong>
                {`: ${one.why}.`}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Entry({ entry, ticked, onTick }: { entry: ReviewEntry; ticked: boolean; onTick(take: boolean): void }) {
  const id = `take-${entry.number}`;
  return (
    <li className={classes.entry} data-standing={entry.standing}>
      <input
        id={id}
        type="checkbox"
        className={classes.tick}
        checked={ticked}
        disabled={entry.standing === 'closed'}
        aria-describedby={`${id}-more`}
        onChange={(event) => onTick(event.currentTarget.checked)}
      />
      <div className={classes.what}>
        <label htmlFor={id} className={classes.name}>
          {entry.title}
          <span className={classes.quiet}>{[entry.when, inWords(entry.status), sectionWords[entry.section].label].filter((part) => part !== '').join(', ')}</span>
        </label>
        <div id={`${id}-more`}>
          {entry.why === '' ? null : <p className={entry.standing === 'known' ? classes.known : classes.quiet}>{`${entry.why}.`}</p>}
          {entry.facts.length === 0 ? null : (
            <dl className={classes.facts}>
              {entry.facts.map((fact, index) => (
                // Two facts may be alike; they never move.
                <div key={index}>
                  <dt>{fact.what}</dt>
                  <dd>{fact.words}</dd>
                </div>
              ))}
            </dl>
          )}
          {entry.remarks.map((remark) => (
            <p key={remark} className={classes.remark}>{`${remark}.`}</p>
          ))}
        </div>
      </div>
    </li>
  );
}
