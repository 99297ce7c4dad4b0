// A document beside the chart: who it is about, its sections, what of them is taken, and the one button that stores it.
import { plural, t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useEffect, useId, useMemo, useRef, useState, type FormEvent } from 'react';
import { failureOf } from '@/api/client';
import { useDocumentTake } from '@/api/documents';
import type { DocumentReviewView, ReviewSection, WrittenView } from '@/api/types';
import { sentence } from '@/components/StateView';
import { useRowKeys } from '@/components/useRowKeys';
import { Blocks } from './Blocks';
import { Entries } from './Entries';
import { Identity } from './Identity';
import classes from './document.module.css';

type ReviewProps = { patientId: string; name: string; review: DocumentReviewView; onTaken(written: WrittenView): void; onLeave(): void };

export function Review({ patientId, name, review, onTaken, onLeave }: ReviewProps) {
  const { identity, sections } = review;
  const fresh = useMemo(() => sections.flatMap((section) => section.entries.filter((entry) => entry.standing === 'new').map((entry) => entry.number)), [sections]);
  // What is not this patient's as far as anybody can tell is ticked by hand.
  const [taken, setTaken] = useState<ReadonlySet<number>>(() => new Set(identity.agrees ? fresh : []));
  const [open, setOpen] = useState(0);
  const [reason, setReason] = useState('');
  const [mistake, setMistake] = useState<string | null>(null);
  const take = useDocumentTake(patientId);
  const heading = useRef<HTMLHeadingElement>(null);
  const why = useRef<HTMLTextAreaElement>(null);
  const whyId = useId();
  useEffect(() => heading.current?.focus(), []);

  function tick(numbers: readonly number[], on: boolean) {
    const next = new Set(taken);
    for (const number of numbers) {
      if (on) next.add(number);
      else next.delete(number);
    }
    setTaken(next);
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (take.isPending) return;
    if (!identity.agrees && reason.trim() === '') {
      setMistake(t`Write why this document is this patient’s although it does not look so, or leave it.`);
      why.current?.focus();
      return;
    }
    setMistake(null);
    take.mutate({ patientId, chartOnScreen: patientId, review: review.review, taken: [...taken].sort((a, b) => a - b), reason }, { onSuccess: onTaken });
  }

  const count = taken.size;
  const nothing = count === 0 && review.stored;
  const action = count === 0 ? t`Store this document, and no entry of it, in the chart of ${name}` : t`${plural(count, { one: 'Add # entry', other: 'Add # entries' })} to the chart of ${name}`;
  const section = sections[open];
  const facts = [review.kind === review.title ? '' : review.kind, t`written ${review.written}`, review.authors.join(', '), review.custodian === '' ? '' : t`kept by ${review.custodian}`];
  return (
    <div className={classes.review}>
      <div className={classes.top}>
        <h2 ref={heading} tabIndex={-1} className={classes.title}>
          {review.title}
        </h2>
        <p className={classes.quiet}>{facts.filter((fact) => fact !== '').join('; ')}</p>
        {review.known === null ? null : (
          <p role="status" className={classes.already}>
            {review.known}
          </p>
        )}
        <Identity identity={identity} name={name} />
      </div>
      <div className={classes.split}>
        <nav aria-label={t`Sections of the document`} className={classes.sections}>
          <p className={classes.totals}>{t`${count} of ${sections.reduce((sum, one) => sum + one.entries.length, 0)} entries ticked`}</p>
          <div className={classes.head}>
            <button type="button" className={classes.button} onClick={() => setTaken(new Set(fresh))}>
              {t`Tick all ${fresh.length} new`}
            </button>
            <button type="button" className={classes.button} onClick={() => setTaken(new Set())}>
              {t`Tick none`}
            </button>
          </div>
          <SectionList sections={sections} open={open} taken={taken} onOpen={setOpen} />
        </nav>
        {section === undefined ? <p className={classes.nothing}>{t`This document has no sections.`}</p> : <Section key={open} section={section} taken={taken} onTick={tick} />}
      </div>
      <form noValidate aria-label={t`Take entries of the document`} className={classes.foot} onSubmit={submit}>
        {identity.agrees ? null : (
          <div className={classes.why}>
            <label htmlFor={whyId}>{t`Why this document is about ${name} all the same`}</label>
            <textarea ref={why} id={whyId} rows={2} className={classes.reason} value={reason} aria-invalid={mistake !== null} onChange={(event) => setReason(event.currentTarget.value)} />
          </div>
        )}
        <div role="alert" className={classes.problem}>
          {mistake ?? (take.isError ? sentence(failureOf(take.error).message) : '')}
        </div>
        <div className={classes.actions}>
          {nothing ? (
            <p className={classes.quiet}>{t`The document is stored already; tick what is to be added of it.`}</p>
          ) : (
            <Button type="submit" className={classes.confirm ?? ''} loading={take.isPending}>
              {action}
            </Button>
          )}
          <Button variant="default" onClick={onLeave}>
            {t`Leave it`}
          </Button>
        </div>
      </form>
    </div>
  );
}

type SectionListProps = { sections: readonly ReviewSection[]; open: number; taken: ReadonlySet<number>; onOpen(index: number): void };

function SectionList({ sections, open, taken, onOpen }: SectionListProps) {
  const keys = useRowKeys();
  return (
    <ul className={classes.list}>
      {sections.map((section, index) => {
        const ticked = section.entries.filter((entry) => taken.has(entry.number)).length;
        return (
          // Sections have no ids, and never move.
          <li key={index} data-depth={Math.min(section.depth, 3)}>
            <button type="button" data-row aria-current={index === open} className={classes.section} onClick={() => onOpen(index)} onKeyDown={keys}>
              <span>{section.title}</span>
              <span className={classes.count}>{section.entries.length === 0 ? t`text` : t`${ticked} of ${section.entries.length}`}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

type SectionProps = { section: ReviewSection; taken: ReadonlySet<number>; onTick(numbers: readonly number[], take: boolean): void };

function Section({ section, taken, onTick }: SectionProps) {
  return (
    <section aria-label={section.title} className={classes.open}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- read and scrolled by keyboard */}
      <div role="region" aria-label={t`Text: ${section.title}`} tabIndex={0} className={classes.narrative}>
        <h3 className={classes.subtitle}>{section.title}</h3>
        {section.authors.length === 0 ? null : <p className={classes.quiet}>{t`by ${section.authors.join(', ')}`}</p>}
        {section.narrative.length === 0 ? <p className={classes.quiet}>{t`This section has no text.`}</p> : <Blocks blocks={section.narrative} />}
      </div>
      <Entries section={section} taken={taken} onTick={onTick} />
    </section>
  );
}
