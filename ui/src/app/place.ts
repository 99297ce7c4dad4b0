// Where the user is: pages and ids, what they typed into a filter or a search, how far they scrolled. The core keeps it over a lock, sealed
// with the user's keys.
import type { Section } from '@/api/types';
import { unstored, type Kept } from '@/lib/kept';
import { sectionWords } from '@/lib/words';

export type Page = 'home' | 'patients' | 'register' | 'fleet' | 'reviews' | 'reports' | 'rights' | 'users' | 'import' | 'backup' | 'keys' | 'destruction' | 'suspensions' | 'audit' | 'workstation' | 'server' | 'screen' | 'sign-in' | 'chart';

/** An open chart. The slot (0 to 3) gives it its marker and stays while it is open. */
export type OpenChart = { patientId: string; section: Section; slot: number };

/** Where a chart is to be opened, and what is open there, by the names that the section keeps it under. */
export type Spot = { section: Section; kept: Record<string, Kept> };

/** A field that had the focus, by its id, and where the caret was. */
export type FocusSpot = { id: string; start: number | null; end: number | null };

export type Place = {
  page: Page;
  patientId: string | null;
  charts: OpenChart[];
  focus: FocusSpot | null;
  /** What lists and fields keep, by name (lib/kept.tsx). */
  kept: Record<string, Kept>;
  /** How far down each scrolled element is, by its id. */
  scrolled: Record<string, number>;
};

export const mostCharts = 4;
export const startPlace: Place = { page: 'home', patientId: null, charts: [], focus: null, kept: {}, scrolled: {} };

const pages: Page[] = ['home', 'patients', 'register', 'fleet', 'reviews', 'reports', 'rights', 'users', 'import', 'backup', 'keys', 'destruction', 'suspensions', 'audit', 'workstation', 'server', 'screen', 'sign-in', 'chart'];

export function writePlace(place: Place): string {
  return JSON.stringify(place);
}

/** The stored place, or the start when it is not one: a newer or older program may have written it. */
export function readPlace(text: string | null): Place {
  if (text === null) return startPlace;
  try {
    const value = JSON.parse(text) as Partial<Place>;
    const charts = (value.charts ?? []).filter(isChart).slice(0, mostCharts);
    const page = pages.find((one) => one === value.page) ?? 'home';
    const patientId = charts.find((chart) => chart.patientId === value.patientId)?.patientId ?? null;
    if (page === 'chart' && patientId === null) return { ...startPlace, charts };
    const kept = entries(value.kept, (one): one is Kept => one === null || ['string', 'number', 'boolean'].includes(typeof one));
    const scrolled = entries(value.scrolled, (one): one is number => typeof one === 'number');
    return { page, patientId, charts, focus: isFocus(value.focus) ? value.focus : null, kept, scrolled };
  } catch {
    return startPlace;
  }
}

function isChart(value: unknown): value is OpenChart {
  const chart = value as Partial<OpenChart> | null;
  return (
    typeof chart?.patientId === 'string' &&
    typeof chart.section === 'string' &&
    chart.section in sectionWords &&
    typeof chart.slot === 'number' &&
    chart.slot >= 0 &&
    chart.slot < mostCharts
  );
}

function isFocus(value: unknown): value is FocusSpot {
  return typeof (value as Partial<FocusSpot> | null)?.id === 'string';
}

function entries<V>(value: unknown, is: (one: unknown) => one is V): Record<string, V> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, V] => is(entry[1])));
}

/** Under which name a page, or a section of a chart, keeps what it keeps. */
export const keptUnder = {
  frame: 'frame',
  page: (page: Page) => `page ${page}`,
  section: (chart: Pick<OpenChart, 'patientId' | 'section'>) => `chart ${chart.patientId} ${chart.section}`,
};

/**
 * What is still somewhere to be seen: of the page that is shown, and of the section that each open chart shows. The rest is left behind, but
 * for text that is not stored yet, and for somebody who is being registered: whoever does it has to be able to look somebody up meanwhile.
 */
export function stillKept(place: Place, kept: Iterable<readonly [string, Kept]>): Record<string, Kept> {
  const owners = [unstored, keptUnder.frame, keptUnder.page(place.page), keptUnder.page('register'), ...place.charts.map(keptUnder.section)];
  return Object.fromEntries([...kept].filter(([name]) => owners.some((owner) => name.startsWith(`${owner}/`))));
}

export type Move =
  | { type: 'go'; page: Exclude<Page, 'chart'> }
  /** `there`: at this section also where the chart is open already. */
  | { type: 'open'; patientId: string; section: Section; there?: boolean }
  | { type: 'section'; patientId: string; section: Section }
  | { type: 'close'; patientId: string };

/** The place after a move. Opening a fifth chart changes nothing: the screen asks first which one to close. */
export function moved(place: Place, move: Move): Place {
  switch (move.type) {
    case 'go':
      return { ...place, page: move.page, patientId: null };
    case 'open': {
      if (place.charts.some((chart) => chart.patientId === move.patientId)) {
        const shown: Place = { ...place, page: 'chart', patientId: move.patientId };
        return move.there === true ? moved(shown, { type: 'section', patientId: move.patientId, section: move.section }) : shown;
      }
      const slot = [0, 1, 2, 3].find((free) => place.charts.every((chart) => chart.slot !== free));
      if (slot === undefined) return place;
      const charts = [...place.charts, { patientId: move.patientId, section: move.section, slot }];
      return { ...place, page: 'chart', patientId: move.patientId, charts };
    }
    case 'section': {
      const charts = place.charts.map((chart) =>
        chart.patientId === move.patientId ? { ...chart, section: move.section } : chart,
      );
      return { ...place, charts };
    }
    case 'close': {
      const at = place.charts.findIndex((chart) => chart.patientId === move.patientId);
      const charts = place.charts.filter((chart) => chart.patientId !== move.patientId);
      if (place.patientId !== move.patientId) return { ...place, charts };
      const next = charts[Math.min(at, charts.length - 1)];
      if (next === undefined) return { ...place, page: 'patients', patientId: null, charts };
      return { ...place, patientId: next.patientId, charts };
    }
  }
}

/** Whether opening this chart needs another to be closed first. */
export function isFull(place: Place, patientId: string): boolean {
  return place.charts.length >= mostCharts && place.charts.every((chart) => chart.patientId !== patientId);
}
