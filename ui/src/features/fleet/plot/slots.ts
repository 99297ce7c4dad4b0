// The hours of a period as they are drawn: each by itself, or added up to days of this machine where they would be too many to see.
import type { FleetActivityView } from '@/api/types';

const HOUR = 3600;
/** A week of hours can still be told apart. */
const mostHours = 8 * 24;

export type ActivitySlot = { at: number; length: number; name: string; accesses: number; unexplained: number };
export type ActivitySlots = { byDay: boolean; from: number; until: number; slots: ActivitySlot[] };

export function slotsOf(view: FleetActivityView): ActivitySlots {
  const byDay = (view.untilEpoch - view.fromEpoch) / HOUR > mostHours;
  if (!byDay) {
    const slots = view.hours.map((hour) => ({ at: hour.epochSeconds, length: HOUR, name: hour.hour, accesses: hour.accesses, unexplained: hour.unexplained }));
    return { byDay, from: view.fromEpoch, until: view.untilEpoch, slots };
  }
  const days = new Map<string, ActivitySlot>();
  for (const hour of view.hours) {
    // `21-Nov-2026 10:00` of the core: its day is the one on the wall here.
    const name = hour.hour.split(' ')[0] ?? hour.hour;
    const before = days.get(name) ?? { at: midnight(hour.epochSeconds), length: 24 * HOUR, name, accesses: 0, unexplained: 0 };
    days.set(name, { ...before, accesses: before.accesses + hour.accesses, unexplained: before.unexplained + hour.unexplained });
  }
  return { byDay, from: midnight(view.fromEpoch), until: midnight(view.untilEpoch) + 24 * HOUR, slots: [...days.values()] };
}

function midnight(epoch: number): number {
  const moment = new Date(epoch * 1000);
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime() / 1000;
}
