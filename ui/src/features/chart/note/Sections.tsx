// The headings of a note with their text, as text.
import { t } from '@lingui/core/macro';
import type { NoteSection } from '@/api/types';
import classes from './note.module.css';

type SheetProps = { sections: readonly NoteSection[]; struck: boolean };

/** The note that is open: read and scrolled by keyboard. What does not count is struck out and can still be read. */
export function NoteSections({ sections, struck }: SheetProps) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- read and scrolled by keyboard
    <div role="region" aria-label={t`Text of the note`} tabIndex={0} className={classes.sheet}>
      <Sections sections={sections} struck={struck} />
    </div>
  );
}

/** A note below the one that is open. */
export function RelatedSections({ sections, struck }: SheetProps) {
  return (
    <div className={classes.sheet}>
      <Sections sections={sections} struck={struck} below />
    </div>
  );
}

function Sections({ sections, struck, below = false }: SheetProps & { below?: boolean }) {
  const Heading = below ? 'h4' : 'h3';
  return sections.map((section, index) => (
    <div key={index}>
      <Heading className={classes.heading}>{section.title}</Heading>
      <p className={classes.words}>{struck ? <del className={classes.struck}>{section.text}</del> : section.text}</p>
    </div>
  ));
}
