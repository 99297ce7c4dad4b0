// The emergency account: how it stands, its two halves, and the door that they open.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { commands, unwrap } from './client';
import { useSecretRequest, useSessionTaker } from './mutations';
import { useFresh } from './reauthentication';
import type * as T from './types';

const key = ['emergency-account'] as const;

export function useEmergencyAccount() {
  return useQuery({ queryKey: key, queryFn: () => unwrap(commands.emergencyAccountRead()), staleTime: 0 });
}

/** What the core answered about the new halves, within what is known of the account. */
function useDraftTaker() {
  const client = useQueryClient();
  return (draft: T.EmergencyDraftView | null) =>
    client.setQueryData<T.EmergencyAccountView>(key, (known) => (known === undefined ? known : { ...known, draft }));
}

export function useEmergencyAccountMake() {
  const fresh = useFresh('administration');
  return useMutation({
    mutationFn: (holders: string[]) => fresh(() => unwrap(commands.emergencyAccountMake({ holders }))),
    onSuccess: useDraftTaker(),
  });
}

export function useEmergencyHalfSave() {
  return useMutation({
    mutationFn: (request: T.EmergencyHalfSaveRequest) => unwrap(commands.emergencyHalfSave(request)),
    onSuccess: useDraftTaker(),
  });
}

export function useEmergencyAccountSeal() {
  const client = useQueryClient();
  const take = useSessionTaker();
  return useSecretRequest(
    (request: T.EmergencyAccountSealRequest) => unwrap(commands.emergencyAccountSeal(request)),
    (session: T.SessionView) => {
      take(session);
      void client.invalidateQueries({ queryKey: key });
    },
  );
}

export function useEmergencyAccountCancel() {
  const take = useDraftTaker();
  return useMutation({ mutationFn: () => unwrap(commands.emergencyAccountCancel()), onSuccess: () => take(null) });
}

export function useEmergencySessionCreate() {
  return useSecretRequest((request: T.EmergencySessionCreateRequest) => unwrap(commands.emergencySessionCreate(request)), useSessionTaker());
}
