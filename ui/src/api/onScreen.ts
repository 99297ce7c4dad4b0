// Tells the core which chart stands on the screen: it refuses to write in any other.
import { useEffect } from 'react';
import { commands, unwrap } from './client';

let shown: string | null = null;

/** Whose chart is drawn at this moment; the core goes on with the last one that it heard of until there is another. */
let drawn: string | null = null;

/** What is being stored of the chart on the screen. */
const storing = new Set<Promise<unknown>>();

/** What hangs may not keep the next chart from being written in. */
const longestWait = 2_000;

/** This is stored before the core hears that another chart stands on the screen, and before the lock. */
export function storeFirst(work: Promise<unknown>): void {
  const waited = Promise.race([work.catch(() => null), new Promise((over) => setTimeout(over, longestWait))]);
  const done = waited.finally(() => storing.delete(done));
  storing.add(done);
}

/** When what is being stored is stored, or has failed. */
export const leftStored = () => Promise.all(storing);

/** Whether this patient's chart is drawn: one that was refused, or is still being read, is not. */
export const isDrawn = (patientId: string) => drawn === patientId;

function tell(patientId: string | null): void {
  shown = patientId;
  void send(patientId);
}

async function send(patientId: string | null): Promise<void> {
  if (storing.size > 0) await leftStored();
  if (shown !== patientId) return;
  // A call that fails leaves no chart on the screen: a write is refused then and says so.
  await unwrap(commands.chartShow({ patientId })).catch(() => null);
  // The core may have taken two calls in another order than they were made: the last one has to stand.
  if (shown !== patientId) await unwrap(commands.chartShow({ patientId: shown })).catch(() => null);
}

/** This chart is drawn. `readAt` is when it was read: a core that was locked in between has forgotten it. */
export function useChartOnScreen(patientId: string, readAt: number): void {
  useEffect(() => {
    if (readAt <= 0) return;
    drawn = patientId;
    tell(patientId);
    return () => {
      drawn = null;
    };
  }, [patientId, readAt]);
}

/** A page that is no chart is drawn. */
export function useNoChartOnScreen(): void {
  useEffect(() => {
    if (shown !== null) tell(null);
  }, []);
}
