// Whether the form about who this is stands in place of the section, which an unlock brings back with it.
import { useEffect, useState } from 'react';
import type { Section } from '@/api/types';
import { useKept } from '@/lib/kept';

export function useWho(section: Section) {
  // The section that it stands in place of: whoever goes to another one has left it.
  const [inPlaceOf, setInPlaceOf] = useKept<string>('who/in-place-of', '');
  const [left, setLeft] = useState<{ section: Section; stored: string } | null>(null);
  useEffect(() => {
    if (inPlaceOf !== '' && inPlaceOf !== section) setInPlaceOf('');
  }, [inPlaceOf, section, setInPlaceOf]);
  return {
    changing: inPlaceOf === section,
    /** The form was closed in this section just now, and what was stored; nothing where nothing was. */
    left: left?.section === section ? left : null,
    begin: () => {
      setLeft(null);
      setInPlaceOf(section);
    },
    leave: (stored: string) => {
      setLeft({ section, stored });
      setInPlaceOf('');
    },
  };
}
