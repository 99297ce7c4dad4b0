// Where a row of a section is open, by the name under which ListWithDetail keeps it, so that the search of the top line can lead there.
import { t } from '@lingui/core/macro';
import type { ChartHit, Section } from '@/api/types';
import type { Kept } from '@/lib/kept';
import { slug } from './grid/DataGrid';

/** The lists by their labels. */
const lists: Partial<Record<Section, string>> = { get results() { return t`Results`; }, get vitals() { return t`Vital signs`; }, get problems() { return t`Problems`; }, get allergies() { return t`Allergies`; }, get medications() { return t`Medications`; } };

type RowPlace = { section: Section; kept: Record<string, Kept> };

export function atRow({ section, key }: ChartHit): RowPlace {
  const list = lists[section];
  return { section, kept: list === undefined ? {} : { [`${slug(list)}/open`]: key, [`${slug(list)}/filter`]: null } };
}
