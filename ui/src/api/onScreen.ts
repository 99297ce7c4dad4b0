// Tells the core which chart stands on the screen: it refuses to write in any other. One call after the other, so that the last one stands.
import { useEffect } from 'react';
import { commands, unwrap } from './client';

let told: string | null = null;
let last: Promise<unknown> = Promise.resolve();

function tell(patientId: string | null): void {
  told = patientId;
  // A call that fails leaves no chart on the screen: a write is refused then and says so.
  last = last.then(() => unwrap(commands.chartShow({ patientId })).catch(() => null));
}

/** This chart is drawn. `readAt` is when it was read: a core that was locked in between has forgotten it. */
export function useChartOnScreen(patientId: string, readAt: number): void {
  useEffect(() => {
    if (readAt > 0) tell(patientId);
  }, [patientId, readAt]);
}

/** A page that is no chart is drawn. */
export function useNoChartOnScreen(): void {
  useEffect(() => {
    if (told !== null) tell(null);
  }, []);
}
