// How the users of the invented core like their screens.
import type { Commands, Result } from './contract';
import type * as T from './types';

export const usualLook: T.PreferencesView = { colours: 'system', zoomPercent: 100, language: '', firstSections: [] };

type Core = {
  mock: { preferences: T.PreferencesView };
  answer<V>(command: keyof Commands, request: unknown, work: () => V): Promise<Result<V>>;
  needOpen(): void;
  session(): T.SessionView;
};

export function preferenceCommands({ mock, answer, needOpen, session }: Core): Pick<Commands, 'preferencesUpdate'> {
  return {
    preferencesUpdate: (request) =>
      answer('preferencesUpdate', request, () => {
        needOpen();
        mock.preferences = request;
        return session();
      }),
  };
}
