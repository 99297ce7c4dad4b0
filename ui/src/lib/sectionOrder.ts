// The order in which a user has the sections of a chart.
import type { Section } from '@/api/types';

/** `items` with those of the sections in `first` before the others, in that order; the others stay as they stand. */
export function inOrder<T>(items: T[], first: Section[], sectionOf: (item: T) => Section): T[] {
  const rank = (item: T) => {
    const at = first.indexOf(sectionOf(item));
    return at < 0 ? first.length : at;
  };
  return [...items].sort((left, right) => rank(left) - rank(right));
}
