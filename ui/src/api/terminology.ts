// Finding codes while somebody types. What is typed goes to the core and nowhere else; it is about no record, so that nothing is on record.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { commands, unwrap } from './client';
import type { CodedKind } from './types';

/** Somebody who types goes on within this time. */
const pause = 120;
/** Fewer letters find nothing. */
export const shortest = 2;

/** The codes for what is typed; none are asked for while `wanted` is false. */
export function useTerminologySearch(kind: CodedKind, typed: string, wanted: boolean) {
  const [text, setText] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setText(typed), pause);
    return () => clearTimeout(timer);
  }, [typed]);
  const enabled = wanted && text.trim().length >= shortest;
  const found = useQuery({
    queryKey: ['terminology', kind, text.trim()] as const,
    queryFn: () => unwrap(commands.terminologySearch({ kind, text })),
    enabled,
    gcTime: 0,
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
  // What was found for other words is not offered for these.
  return { ...found, data: enabled && !found.isPlaceholderData && text === typed ? found.data : undefined };
}
