// Alt+N asks for a new note from anywhere in the chart; the Documents section answers when it is drawn.
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import type { Section } from '@/api/types';

type Asked = { asked: boolean; take(): void };

const AskedContext = createContext<Asked>({ asked: false, take: () => undefined });

type NoteKeyProps = { writes: boolean; onSection(section: Section): void; children: ReactNode };

export function NoteKey({ writes, onSection, children }: NoteKeyProps) {
  const [asked, setAsked] = useState(false);
  const [take] = useState(() => () => setAsked(false));
  useEffect(() => {
    if (!writes) return undefined;
    function press(event: KeyboardEvent) {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== 'KeyN') return;
      event.preventDefault();
      onSection('documents');
      setAsked(true);
    }
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [writes, onSection]);
  return <AskedContext value={{ asked, take }}>{children}</AskedContext>;
}

/** Answers a wish for a new note. */
export function useNoteAsked(answer: () => void) {
  const { asked, take } = useContext(AskedContext);
  useEffect(() => {
    if (!asked) return;
    answer();
    take();
    // It is answered once, by whoever is drawn then.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [asked, take]);
}
