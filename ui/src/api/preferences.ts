// How the user likes the screen; the core keeps it for the next sign-in.
import { useMutation } from '@tanstack/react-query';
import { commands, unwrap } from './client';
import { useSessionTaker } from './mutations';
import { useSessionAsRead } from './queries';
import type { PreferencesView } from './types';

export const usual: PreferencesView = { colours: 'system', zoomPercent: 100, language: '', firstSections: [] };

export const zoom = { least: 80, most: 200, step: 10 };

/** What the user who is signed in has chosen, and how to choose something else. */
export function usePreferences() {
  const chosen = useSessionAsRead()?.preferences ?? usual;
  const take = useSessionTaker();
  const update = useMutation({ mutationFn: (preferences: PreferencesView) => unwrap(commands.preferencesUpdate(preferences)), onSuccess: take });
  const change = (part: Partial<PreferencesView>) => update.mutate({ ...chosen, ...part });
  return {
    chosen,
    change,
    error: update.error,
    /** Larger or smaller by one step; back to the usual size with 0. */
    enlarge(steps: number) {
      const zoomPercent = steps === 0 ? usual.zoomPercent : Math.min(zoom.most, Math.max(zoom.least, chosen.zoomPercent + steps * zoom.step));
      if (zoomPercent !== chosen.zoomPercent) change({ zoomPercent });
    },
  };
}
