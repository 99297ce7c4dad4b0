// The lists that a day begins with. Each look is an audit entry with everybody on the list.
import { useQuery } from '@tanstack/react-query';
import { commands, unwrap } from './client';
import type { Worklist } from './types';

/** `day`, as `2026-11-29`, is asked of the schedule alone. */
export function useWorklist(worklist: Worklist, day: string | null) {
  return useQuery({
    queryKey: ['patient', 'worklist', worklist, day],
    queryFn: () => unwrap(commands.worklistSearch({ worklist, day })),
    staleTime: 0,
  });
}
