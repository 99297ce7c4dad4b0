// What the palette offers besides patients.
import { useMantineColorScheme } from '@mantine/core';
import type { SessionView } from '@/api/types';
import type { Command } from '@/features/patient/SearchPalette';
import { ask } from '@/lib/asked';
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
          group: 'This chart',
          label: `Go to ${sectionWords[section].label}`,
          run: () => move({ type: 'section', patientId: open, section }),
        }))
      : [];
  const document =
    place.page === 'chart' && open !== null && session.may.writeNotes && session.may.sections.includes('documents')
      ? [
          {
            id: 'import-document',
            group: 'This chart',
            label: 'Import a document (C-CDA)',
            run: () => {
              move({ type: 'section', patientId: open, section: 'documents' });
              ask(`import-document ${open}`);
            },
          },
        ]
      : [];
  return [
    ...sections,
    ...document,
    ...pagesOf(session).map((page) => ({
      id: `page-${page}`,
      group: 'Pages',
      label: pageWords[page].label,
      run: () => move({ type: 'go', page }),
    })),
    ...(session.may.registerPatients ? [{ id: 'page-register', group: 'Pages', label: pageWords.register.label, run: register }] : []),
    { id: 'lock', group: 'Session', label: 'Lock', shortcut: 'Ctrl+L', run: lock },
    { id: 'switch-user', group: 'Session', label: 'Switch user (keeps your place)', run: switchUser },
    { id: 'sign-out', group: 'Session', label: 'Sign out', run: signOut },
    { id: 'light', group: 'Look', label: 'Light colours', run: () => scheme.setColorScheme('light') },
    { id: 'dark', group: 'Look', label: 'Dark colours', run: () => scheme.setColorScheme('dark') },
    { id: 'system', group: 'Look', label: 'Colours of the system', run: () => scheme.setColorScheme('auto') },
  ];
}
