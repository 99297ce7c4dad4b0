// Who the patients are: registering somebody, and changing what is stored about who they are.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { commands, unwrap } from './client';
import { keys } from './queries';
import type * as T from './types';

/** Registers, or answers who may be the same person. Lists of patients are read again when they are next looked at. */
export function usePatientCreate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: T.PatientCreateRequest) => unwrap(commands.patientCreate(request)),
    onSuccess: (view) => {
      if (view.patientId !== null) void client.invalidateQueries({ queryKey: keys.patients });
    },
  });
}

/** What is stored about who this is; each look is on the record, so it is read for the form alone and forgotten with it. */
export function usePatientDemographics(patientId: string) {
  return useQuery({
    queryKey: keys.demographics(patientId),
    queryFn: () => unwrap(commands.patientDemographicsRead({ patientId })),
    staleTime: 0,
    gcTime: 0,
  });
}

/** Changes who this is. The name may be another now: the banner, the section and every list of patients are read again. */
export function usePatientUpdate(patientId: string) {
  const client = useQueryClient();
  const own = keys.demographics(patientId)[2];
  return useMutation({
    mutationFn: (request: T.PatientUpdateRequest) => unwrap(commands.patientUpdate(request)),
    onSuccess: () => {
      // The form closes now: what it showed is not read for nobody.
      void client.invalidateQueries({ queryKey: keys.chart(patientId), predicate: (query) => query.queryKey[2] !== own });
      void client.invalidateQueries({ queryKey: keys.patients });
    },
  });
}
