// What the screen asks the core to do.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { commands, unwrap } from './client';
import { forgetPatients, keys } from './queries';
import type * as T from './types';

/** Takes the new session into the cache; a session that is not open leaves nothing of any patient behind. */
function useSessionTaker() {
  const client = useQueryClient();
  return (session: T.SessionView) => {
    if (session.stage !== 'unlocked') forgetPatients(client);
    client.setQueryData(keys.session, session);
  };
}

export function useAdministratorCreate() {
  const take = useSessionTaker();
  return useMutation({
    mutationFn: (request: T.AdministratorCreateRequest) => unwrap(commands.administratorCreate(request)),
    onSuccess: take,
  });
}

export function useSessionCreate() {
  const take = useSessionTaker();
  return useMutation({
    mutationFn: (request: T.SessionCreateRequest) => unwrap(commands.sessionCreate(request)),
    onSuccess: take,
  });
}

export function useSessionUnlock() {
  const take = useSessionTaker();
  return useMutation({
    mutationFn: (request: T.SessionUnlockRequest) => unwrap(commands.sessionUnlock(request)),
    onSuccess: take,
  });
}

export function useSessionLock() {
  const take = useSessionTaker();
  return useMutation({ mutationFn: () => unwrap(commands.sessionLock()), onSuccess: take });
}

export function useSessionEnd() {
  const take = useSessionTaker();
  return useMutation({ mutationFn: () => unwrap(commands.sessionEnd()), onSuccess: take });
}

export function useUserCreate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: T.UserCreateRequest) => unwrap(commands.userCreate(request)),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.users }),
  });
}

export function useImportChoose() {
  return useMutation({ mutationFn: () => unwrap(commands.importChoose()) });
}

export function useImportStart() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: T.ImportStartRequest) => unwrap(commands.importStart(request)),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.importProgress }),
  });
}

export function useImportCancel() {
  return useMutation({ mutationFn: () => unwrap(commands.importCancel()) });
}

export function useAuditVerify() {
  return useMutation({ mutationFn: () => unwrap(commands.auditVerify()) });
}

/** Tells the core where the user is; ids only. */
export function placeUpdate(place: string): Promise<null> {
  return unwrap(commands.sessionPlaceUpdate({ place }));
}
