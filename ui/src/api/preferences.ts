// How the user likes the screen; the core keeps it for the next sign-in.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { commands, unwrap } from './client';
import { useSessionTaker } from './mutations';
import { keys, useSessionAsRead } from './queries';
import type { PreferencesView, SessionView } from './types';

export const usual: PreferencesView = { colours: 'system', zoomPercent: 100, language: '', firstSections: [] };

export const zoom = { least: 80, most: 200, step: 10 };

/** What becomes of the preferences as they stand. */
type Change = (now: PreferencesView) => Partial<PreferencesView>;

/** What the user who is signed in has chosen, and how to choose something else. */
export function usePreferences() {
  const client = useQueryClient();
  const take = useSessionTaker();
  const chosen = useSessionAsRead()?.preferences ?? usual;
  const update = useMutation({
    // One after the other, each from what the one before it left: two keys in a moment are two steps.
    scope: { id: 'preferences' },
    mutationFn: (change: Change) => {
      const now = client.getQueryData<SessionView>(keys.session)?.preferences ?? usual;
      return unwrap(commands.preferencesUpdate({ ...now, ...change(now) }));
    },
    onSuccess: take,
  });
  return {
    chosen,
    change: (part: Partial<PreferencesView>) => update.mutate(() => part),
    error: update.error,
    /** Larger or smaller by so many steps; back to the usual size with 0. */
    enlarge: (steps: number) => update.mutate((now) => ({ zoomPercent: steps === 0 ? usual.zoomPercent : within(now.zoomPercent + steps * zoom.step) })),
  };
}

const within = (percent: number) => Math.min(zoom.most, Math.max(zoom.least, percent));
