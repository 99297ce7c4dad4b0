// What the palette offers besides patients.
import { t } from '@lingui/core/macro';
import type { usePreferences } from '@/api/preferences';
import type { PaperKind, SessionView } from '@/api/types';
import type { Command } from '@/features/patient/SearchPalette';
import { ask } from '@/lib/asked';
import { languages } from '@/lib/language/language';
import { pageWords } from '@/lib/pages';
import { paperWords, sectionWords } from '@/lib/words';
import type { Move, Place } from './place';
import { pagesOf } from './routes';

type Look = ReturnType<typeof usePreferences>;
type Session = { print: (kind: PaperKind) => void; register: () => void; keys: () => void; lock: () => void; signOut: () => void; switchUser: () => void };

export function useCommands(
  session: SessionView,
  place: Place,
  move: (move: Move) => void,
  { change, enlarge }: Look,
  { print, register, keys, lock, signOut, switchUser }: Session,
): Command[] {
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
  const papers = sections.length === 0 ? [] : session.may.print.map((kind, at) => ({
    id: `print-${kind}`,
    group: t`This chart`,
    label: t`Print ${paperWords[kind].inWords}`,
    ...(at === 0 ? { shortcut: 'Alt+P' } : {}),
    run: () => print(kind),
  }));
  const document =
    place.page === 'chart' && open !== null && session.may.writeNotes && session.may.sections.includes('documents')
      ? [
          {
            id: 'import-document',
            group: t`This chart`,
            label: t`Import a document (C-CDA)`,
            run: () => {
              move({ type: 'section', patientId: open, section: 'documents' });
              ask(`import-document ${open}`);
            },
          },
        ]
      : [];
  return [
    ...sections,
    ...papers,
    ...document,
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
    { id: 'light', group: t`Look`, label: t`Light colours`, run: () => change({ colours: 'light' }) },
    { id: 'dark', group: t`Look`, label: t`Dark colours`, run: () => change({ colours: 'dark' }) },
    { id: 'system', group: t`Look`, label: t`Colours of the system`, run: () => change({ colours: 'system' }) },
    { id: 'larger', group: t`Look`, label: t`Larger`, shortcut: 'Ctrl +', run: () => enlarge(1) },
    { id: 'smaller', group: t`Look`, label: t`Smaller`, shortcut: 'Ctrl -', run: () => enlarge(-1) },
    { id: 'usual-size', group: t`Look`, label: t`The usual size`, shortcut: 'Ctrl+0', run: () => enlarge(0) },
    { id: 'keys', group: t`Look`, label: t`Keyboard`, shortcut: 'F1', run: keys },
    ...languages.map(({ tag, name }) => ({ id: `language-${tag}`, group: t`Language`, label: name, run: () => change({ language: tag }) })),
  ];
}
