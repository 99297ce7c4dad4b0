// What the palette offers besides patients.
import { t } from '@lingui/core/macro';
import { useMantineColorScheme } from '@mantine/core';
import type { SessionView } from '@/api/types';
import type { Command } from '@/features/patient/SearchPalette';
import { choose, languages } from '@/lib/language/language';
import { pageWords } from '@/lib/pages';
import { sectionWords } from '@/lib/words';
import type { Move, Place } from './place';
import { pagesOf } from './routes';

type Session = { register: () => void; lock: () => void; signOut: () => void; switchUser: () => void };

export function useCommands(session: SessionView, place: Place, move: (move: Move) => void, { register, lock, signOut, switchUser }: Session): Command[] {
  const scheme = useMantineColorScheme();
  const open = place.patientId;
  const sections =
    place.page === 'chart' && open !== null
      ? session.may.sections.map((section) => ({
          id: `section-${section}`,
          group: t`This chart`,
          label: t`Go to ${sectionWords[section].label}`,
          run: () => move({ type: 'section', patientId: open, section }),
        }))
      : [];
  return [
    ...sections,
    ...pagesOf(session).map((page) => ({
      id: `page-${page}`,
      group: t`Pages`,
      label: pageWords[page].label,
      run: () => move({ type: 'go', page }),
    })),
    ...(session.may.registerPatients ? [{ id: 'page-register', group: t`Pages`, label: pageWords.register.label, run: register }] : []),
    { id: 'lock', group: t`Session`, label: t`Lock`, shortcut: 'Ctrl+L', run: lock },
    { id: 'switch-user', group: t`Session`, label: t`Switch user (keeps your place)`, run: switchUser },
    { id: 'sign-out', group: t`Session`, label: t`Sign out`, run: signOut },
    { id: 'light', group: t`Look`, label: t`Light colours`, run: () => scheme.setColorScheme('light') },
    { id: 'dark', group: t`Look`, label: t`Dark colours`, run: () => scheme.setColorScheme('dark') },
    { id: 'system', group: t`Look`, label: t`Colours of the system`, run: () => scheme.setColorScheme('auto') },
    ...languages.map(({ tag, name }) => ({ id: `language-${tag}`, group: t`Language`, label: name, run: () => void choose(tag, session.user?.id ?? null) })),
  ];
}
