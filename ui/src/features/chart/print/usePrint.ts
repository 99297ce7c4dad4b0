// Whether the page of printing stands in place of the section, which an unlock brings back with it. Alt+P opens it from anywhere in the chart.
import { useCallback, useEffect, useState } from 'react';
import type { PaperKind, Section } from '@/api/types';
import { useKept } from '@/lib/kept';
import { kindFor, printKept, readWish, writeWish, type Wish } from './place';

export function usePrint(section: Section, kinds: readonly PaperKind[]) {
  const [text, setText] = useKept<string>(printKept, '');
  const [left, setLeft] = useState<Section | null>(null);
  const wish = readWish(text);
  const open = wish !== null && wish.section === section && kinds.includes(wish.kind) ? wish : null;
  // Whoever goes to another section has left it.
  const elsewhere = wish !== null && wish.section !== section;
  useEffect(() => {
    if (elsewhere) setText('');
  }, [elsewhere, setText]);
  const usual = kindFor(section, kinds);

  const begin = useCallback(
    (next?: Pick<Wish, 'kind' | 'note'>) => {
      const kind = next?.kind ?? usual;
      if (kind === null) return;
      setLeft(null);
      setText(writeWish({ section, kind, note: next?.note ?? null }));
    },
    [section, usual, setText],
  );
  useEffect(() => {
    if (usual === null) return undefined;
    function press(event: KeyboardEvent) {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== 'KeyP') return;
      event.preventDefault();
      begin();
    }
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [usual, begin]);

  return {
    open,
    /** It was closed in this section just now: whoever closed it stands where they opened it. */
    left: left === section,
    begin,
    leave: () => {
      setLeft(section);
      setText('');
    },
  };
}
