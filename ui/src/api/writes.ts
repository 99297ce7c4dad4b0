// What the screen writes in a chart. What was typed stays on the page until the core has stored it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { commands, unwrap } from './client';
import type { Result } from './contract';
import { keys } from './queries';
import type * as T from './types';

/** A write, after which everything of this chart that is looked at is read again: nobody goes on with what no longer stands. */
export function useWrite<R>(patientId: string, send: (request: R) => Promise<Result<T.WrittenView>>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: R) => unwrap(send(request)),
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.chart(patientId) }),
  });
}

export const useVitalSignsCreate = (patientId: string) => useWrite(patientId, commands.vitalSignsCreate);
export const useVitalSignCorrect = (patientId: string) => useWrite(patientId, commands.vitalSignCorrect);
export const useConditionCreate = (patientId: string) => useWrite(patientId, commands.conditionCreate);
export const useConditionUpdate = (patientId: string) => useWrite(patientId, commands.conditionUpdate);
export const useAllergyCreate = (patientId: string) => useWrite(patientId, commands.allergyIntoleranceCreate);
export const useNoKnownAllergyCreate = (patientId: string) => useWrite(patientId, commands.noKnownAllergyCreate);
export const useAllergyUpdate = (patientId: string) => useWrite(patientId, commands.allergyIntoleranceUpdate);
export const useEntryCreate = (patientId: string) => useWrite(patientId, commands.entryCreate);
export const useEntryUpdate = (patientId: string) => useWrite(patientId, commands.entryUpdate);
export const useResourceRestore = (patientId: string) => useWrite(patientId, commands.resourceRestore);

/** Takes back what was written last in this chart. */
export const useWriteUndo = (patientId: string) => useWrite(patientId, commands.writeUndo);

/** Reads this chart anew, after somebody else has written in it. */
export function useChartReadAgain(patientId: string) {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: keys.chart(patientId) });
}

export function useResourceHistory(patientId: string, resourceType: string, id: string) {
  return useQuery({
    queryKey: keys.history(patientId, resourceType, id),
    queryFn: () => unwrap(commands.resourceHistoryRead({ patientId, resourceType, id })),
  });
}
