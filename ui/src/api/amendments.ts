// Amendments that patients ask for: recorded, decided, disagreed with, answered, and what is due.
import { useQuery } from '@tanstack/react-query';
import { commands, unwrap } from './client';
import { useWrite } from './writes';

export const useAmendmentCreate = (patientId: string) => useWrite(patientId, commands.amendmentCreate);
export const useAmendmentExtend = (patientId: string) => useWrite(patientId, commands.amendmentExtend);
export const useAmendmentAccept = (patientId: string) => useWrite(patientId, commands.amendmentAccept);
export const useAmendmentDeny = (patientId: string) => useWrite(patientId, commands.amendmentDeny);
export const useAmendmentDisagree = (patientId: string) => useWrite(patientId, commands.amendmentDisagree);
export const useAmendmentRebut = (patientId: string) => useWrite(patientId, commands.amendmentRebut);

/** What waits for a decision. */
export function useAmendmentsDue() {
  return useQuery({ queryKey: ['patient', 'amendments-due'], queryFn: () => unwrap(commands.amendmentDueSearch()), staleTime: 0 });
}
