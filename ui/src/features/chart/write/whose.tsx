// Whose chart is being written in, and what the user writes there. Every form takes the patient from here when it is drawn and keeps to it.
import { createContext, useContext } from 'react';
import type { Section } from '@/api/types';
import { entryKinds, kindOf } from './entryKinds';

type Whose = { patientId: string; name: string; written: readonly Section[] };

const WhoseContext = createContext<Whose | null>(null);

export const WhoseChart = WhoseContext.Provider;

/** The patient of the chart around, where the user writes in this section; null where they do not. */
export function useWrites(section: Section | null): Whose | null {
  const whose = useContext(WhoseContext);
  return section !== null && whose?.written.includes(section) === true ? whose : null;
}

/** The section in which a resource of this type is written. */
export function writtenIn(resourceType: string): Section | null {
  switch (resourceType) {
    case 'Condition':
      return 'problems';
    case 'AllergyIntolerance':
      return 'allergies';
    case 'Observation':
      return 'vitals';
    default: {
      const kind = kindOf(resourceType);
      return kind === null ? null : entryKinds[kind].section;
    }
  }
}
