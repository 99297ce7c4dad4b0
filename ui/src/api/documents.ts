// A document from elsewhere: choosing it, its review beside the chart, and what is taken of it.
import { useMutation, useQuery } from '@tanstack/react-query';
import { commands, unwrap } from './client';
import { keys } from './queries';
import { useWrite } from './writes';

/** Asks the person for a file; null when they think better of it. */
export function useDocumentChoose(patientId: string) {
  return useMutation({ mutationFn: () => unwrap(commands.documentChoose({ patientId, chartOnScreen: patientId })) });
}

/** Opens a document beside this chart. Nothing of it is kept here longer than it is looked at. */
export function useDocumentReview(patientId: string) {
  return useMutation({ mutationFn: (path: string) => unwrap(commands.documentReview({ patientId, chartOnScreen: patientId, path })), gcTime: 0 });
}

/** How far reading is, asked while something is read. */
export function useDocumentProgress(reading: boolean) {
  return useQuery({ queryKey: keys.documentProgress, queryFn: () => unwrap(commands.documentProgressRead()), enabled: reading, refetchInterval: 250, staleTime: 0, gcTime: 0 });
}

/** Stops reading, and puts away what is reviewed. */
export function useDocumentCancel() {
  return useMutation({ mutationFn: () => unwrap(commands.documentCancel()) });
}

export const useDocumentTake = (patientId: string) => useWrite(patientId, commands.documentTake);
