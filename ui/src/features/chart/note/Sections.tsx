// The headings of a note with their text, as text.
import type { NoteSection } from '@/api/types';
import classes from './note.module.css';

/** The note that is open: read and scrolled by keyboard. */
export function NoteSections({ sections }: { sections: readonly NoteSection[] }) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- read and scrolled by keyboard
    <div role="region" aria-label="Text of the note" tabIndex={0} className={classes.sheet}>
      <Sections sections={sections} />
    </div>
  );
}

/** A note below the one that is open. */
export function RelatedSections({ sections }: { sections: readonly NoteSection[] }) {
  return (
    <div className={classes.sheet}>
      <Sections sections={sections} below />
    </div>
  );
}

function Sections({ sections, below = false }: { sections: readonly NoteSection[]; below?: boolean }) {
  const Heading = below ? 'h4' : 'h3';
  return sections.map((section, index) => (
    <div key={index}>
      <Heading className={classes.heading}>{section.title}</Heading>
      <p className={classes.words}>{section.text}</p>
    </div>
  ));
}
