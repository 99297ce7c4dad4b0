// What a rule watched, from the events of an incident: accesses of each hour or day, and at each of them how many the rule counted within its window.
import type { IncidentView } from '@/api/types';
import { countsPatients } from '../ruleWords';

const HOUR = 3600;
const DAY = 24 * HOUR;

export type Slot = { at: number; length: number; events: number; unexplained: number; most: number };
export type Watch = {
  from: number;
  until: number;
  slots: Slot[];
  /** At the time of each event: how many within the window that ends there. */
  counted: { at: number; count: number }[];
  limit: number | null;
  usual: number | null;
  /** When it was raised. */
  alarm: number;
};

/** None where nothing was counted over time: an alarm of one event has no course. */
export function watched(view: IncidentView): Watch | null {
  const { figures, rule } = view.row;
  const events = view.events;
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined || figures.windowSeconds === 0) return null;
  const end = Math.max(last.epochSeconds, view.openedEpoch);
  const begin = Math.min(first.epochSeconds, end - figures.windowSeconds);
  const length = end - begin > 3 * DAY ? DAY : HOUR;
  const from = floorOf(begin, length);
  const counted = counts(view);
  const slots: Slot[] = [];
  for (let at = from; at <= end; at += length) {
    const inside = events.filter((event) => event.epochSeconds >= at && event.epochSeconds < at + length);
    const most = Math.max(0, ...counted.filter((one) => one.at >= at && one.at < at + length).map((one) => one.count));
    slots.push({ at, length, events: inside.length, unexplained: inside.filter((event) => event.basis === 'none').length, most });
  }
  const usual = Number(figures.usual ?? '');
  return {
    from,
    until: from + slots.length * length,
    slots,
    counted,
    // What is counted as patients cannot be drawn where no patient is seen.
    limit: comparable(view) ? figures.limit : null,
    usual: comparable(view) && figures.usual !== null && Number.isFinite(usual) && countsPatients(rule) ? usual : null,
    alarm: view.openedEpoch,
  };
}

/** Whether the events that are shown are what the rule counted. */
function comparable(view: IncidentView): boolean {
  return !countsPatients(view.row.rule) || view.events.some((event) => event.patientId !== null);
}

function counts({ events, row }: IncidentView): { at: number; count: number }[] {
  const window = row.figures.windowSeconds;
  const patients = countsPatients(row.rule) && events.some((event) => event.patientId !== null);
  // A chart that something explains is not counted by a rule over those that nothing explains.
  const unexplained = row.rule.includes('unexplained') || row.rule === 'same-patient-again';
  const of = events.filter((event) => !unexplained || event.basis === null || event.basis === 'none');
  return of.map((event) => {
    const inside = of.filter((one) => one.epochSeconds > event.epochSeconds - window && one.epochSeconds <= event.epochSeconds);
    return { at: event.epochSeconds, count: patients ? new Set(inside.map((one) => one.patientId)).size : inside.length };
  });
}

/** Whole hours, or whole days of this machine. */
function floorOf(at: number, length: number): number {
  const moment = new Date(at * 1000);
  if (length === DAY) moment.setHours(0);
  moment.setMinutes(0, 0, 0);
  return moment.getTime() / 1000;
}
