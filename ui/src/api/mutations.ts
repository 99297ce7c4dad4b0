// What the screen asks the core to do.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { commands, failureOf, unwrap, type Failure } from './client';
import { keys } from './queries';
import { useFresh } from './reauthentication';
import type * as T from './types';

/** Takes the new session into the cache; a session that is not open leaves nothing of any patient behind. */
export function useSessionTaker() {
  const client = useQueryClient();
  // The pages go first, and what they read goes after them (SessionGate): one that is still drawn would read again what is missing.
  return (session: T.SessionView) => void client.setQueryData(keys.session, session);
}

/**
 * A request that carries a password. TanStack keeps a mutation's variables in memory, so these go past it: the password is an argument
 * of one call and lives nowhere else.
 */
export function useSecretRequest<R, V>(send: (request: R) => Promise<V>, done: (value: V) => void) {
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const submit = async (request: R): Promise<boolean> => {
    setPending(true);
    setFailure(null);
    try {
      done(await send(request));
      return true;
    } catch (error) {
      setFailure(failureOf(error));
      return false;
    } finally {
      setPending(false);
    }
  };
  return { submit, pending, failure, forget: () => setFailure(null) };
}

export function useAdministratorCreate() {
  return useSecretRequest((request: T.AdministratorCreateRequest) => unwrap(commands.administratorCreate(request)), useSessionTaker());
}

export function useSessionCreate() {
  const client = useQueryClient();
  const send = async (request: T.SessionCreateRequest) => {
    try {
      return await unwrap(commands.sessionCreate(request));
    } catch (error) {
      // The core looked anew at the workstation: the page has to say what it found, and offer the way on.
      if (failureOf(error).code === 'posture-refused') void client.invalidateQueries({ queryKey: keys.session });
      throw error;
    }
  };
  return useSecretRequest(send, useSessionTaker());
}

export function useSessionUnlock() {
  return useSecretRequest((request: T.SessionUnlockRequest) => unwrap(commands.sessionUnlock(request)), useSessionTaker());
}

export function useFactorVerify() {
  return useSecretRequest((request: T.FactorVerifyRequest) => unwrap(commands.factorVerify(request)), useSessionTaker());
}

export function useSessionEnter() {
  const take = useSessionTaker();
  return useMutation({ mutationFn: () => unwrap(commands.sessionEnter()), onSuccess: take });
}

export function useSessionReauthenticate() {
  return useSecretRequest((request: T.SessionReauthenticateRequest) => unwrap(commands.sessionReauthenticate(request)), () => undefined);
}

/** What crosses here is shown once and goes past the cache too: it is handed to `done` and kept nowhere else. */
export function useTotpOffer(done: (offer: T.TotpOfferView) => void) {
  const fresh = useFresh('own-sign-in');
  return useSecretRequest<null, T.TotpOfferView>(() => fresh(() => unwrap(commands.totpOffer())), done);
}

export function useFactorCreate(done: (made: T.FactorCreatedView) => void) {
  const fresh = useFresh('own-sign-in');
  return useSecretRequest((request: T.FactorCreateRequest) => fresh(() => unwrap(commands.factorCreate(request))), useOwnSignInChanged(done));
}

export function useCardEnrol(done: (made: T.FactorCreatedView) => void) {
  const fresh = useFresh('own-sign-in');
  return useSecretRequest((request: T.CardEnrolRequest) => fresh(() => unwrap(commands.cardEnrol(request))), useOwnSignInChanged(done));
}

export function useRecoveryCodeCreate(done: (made: T.RecoveryCodesView) => void) {
  const fresh = useFresh('own-sign-in');
  return useSecretRequest<null, T.RecoveryCodesView>(() => fresh(() => unwrap(commands.recoveryCodeCreate())), useOwnSignInChanged(done));
}

export function useFactorDelete() {
  const fresh = useFresh('own-sign-in');
  return useSecretRequest((request: T.FactorDeleteRequest) => fresh(() => unwrap(commands.factorDelete(request))), useOwnSignInChanged(() => undefined));
}

export function useUserFactorDelete() {
  const client = useQueryClient();
  const fresh = useFresh('administration');
  return useMutation({
    mutationFn: (request: T.UserFactorDeleteRequest) => fresh(() => unwrap(commands.userFactorDelete(request))),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.users }),
  });
}

function useOwnSignInChanged<V>(done: (value: V) => void) {
  const client = useQueryClient();
  return (value: V) => {
    void client.invalidateQueries({ queryKey: keys.ownSignIn });
    done(value);
  };
}

export function useUserCreate() {
  const client = useQueryClient();
  const fresh = useFresh('administration');
  return useSecretRequest(
    (request: T.UserCreateRequest) => fresh(() => unwrap(commands.userCreate(request))),
    () => void client.invalidateQueries({ queryKey: keys.users }),
  );
}

/** Reads a chart anew from its frame down: what may be seen of it has changed. */
export function useEmergencyOver(patientId: string) {
  const client = useQueryClient();
  return () => void client.resetQueries({ queryKey: keys.chart(patientId) });
}

export function useEmergencyAccessCreate(patientId: string) {
  return useSecretRequest(
    (request: T.EmergencyAccessCreateRequest) => unwrap(commands.emergencyAccessCreate(request)),
    useEmergencyOver(patientId),
  );
}

export function useEmergencyAccessResume(patientId: string) {
  return useSecretRequest(
    (request: T.EmergencyAccessResumeRequest) => unwrap(commands.emergencyAccessResume(request)),
    useEmergencyOver(patientId),
  );
}

export function useEmergencyAccessEnd(patientId: string) {
  const over = useEmergencyOver(patientId);
  return useMutation({ mutationFn: () => unwrap(commands.emergencyAccessEnd({ patientId })), onSettled: over });
}

export function useEmergencyAccessReview() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: T.EmergencyAccessReviewRequest) => unwrap(commands.emergencyAccessReview(request)),
    onSuccess: (list) => {
      client.setQueryData(keys.emergencyAccesses, list);
      // The session says how many wait.
      void client.invalidateQueries({ queryKey: keys.session });
    },
  });
}

export function useSessionLock() {
  const take = useSessionTaker();
  return useMutation({ mutationFn: () => unwrap(commands.sessionLock()), onSuccess: take });
}

/** Ends the session. Somebody else takes over: the place waits for this user's next sign-in; or the user leaves: it is forgotten. */
export function useSessionEnd() {
  const take = useSessionTaker();
  return useMutation({ mutationFn: (keepPlace: boolean) => unwrap(commands.sessionEnd({ keepPlace })), onSuccess: take });
}

export function useImportChoose() {
  return useMutation({ mutationFn: (folder: boolean) => unwrap(commands.importChoose(folder)) });
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

export function useUserDisable() {
  const client = useQueryClient();
  const fresh = useFresh('administration');
  return useMutation({
    mutationFn: (id: string) => fresh(() => unwrap(commands.userDisable({ id }))),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.users }),
  });
}

export function useUserEnable() {
  const client = useQueryClient();
  const fresh = useFresh('administration');
  return useMutation({
    mutationFn: (id: string) => fresh(() => unwrap(commands.userEnable({ id }))),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.users }),
  });
}

export function useKeyRotate() {
  const client = useQueryClient();
  const fresh = useFresh('administration');
  return useMutation({
    mutationFn: (key: string) => fresh(() => unwrap(commands.keyRotate({ key }))),
    onSuccess: (list) => client.setQueryData(keys.keys, list),
  });
}

export function useKeyResealPause() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (paused: boolean) => unwrap(commands.keyResealPause({ paused })),
    onSuccess: (list) => client.setQueryData(keys.keys, list),
  });
}

/** Asks for a destruction or decides about one; the list is read again. */
function useDestruction<V, R>(send: (value: V) => Promise<R>) {
  const client = useQueryClient();
  const fresh = useFresh('destruction');
  return useMutation({
    mutationFn: (value: V) => fresh(() => send(value)),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.destructions }),
  });
}

export const useDestructionRequest = () => useDestruction((request: T.DestructionRequest) => unwrap(commands.patientDestructionRequest(request)));
export const useDestructionApprove = () => useDestruction((request: T.DestructionDecideRequest) => unwrap(commands.patientDestructionApprove(request)));
export const useDestructionWithdraw = () => useDestruction((request: T.DestructionDecideRequest) => unwrap(commands.patientDestructionWithdraw(request)));

export function useAuditVerify() {
  return useMutation({ mutationFn: () => unwrap(commands.auditVerify()) });
}

/** Asks where a new file goes; null when the person thinks better of it. */
export function useSaveChoose() {
  return useMutation({ mutationFn: (suggestedName: string) => unwrap(commands.saveChoose(suggestedName)) });
}

/** The key that comes back goes past TanStack, as passwords do: it lives in the component that shows it and nowhere else. */
export function useRecoveryKeyMake(show: (key: T.RecoveryKeyView) => void) {
  const fresh = useFresh('administration');
  return useSecretRequest((request: T.RecoveryKeyCreateRequest) => fresh(() => unwrap(commands.recoveryKeyMake(request))), show);
}

export function useRecoveryKeySave() {
  return useMutation({ mutationFn: (path: string) => unwrap(commands.recoveryKeySave(path)) });
}

export function useRecoveryKeyConfirm() {
  const client = useQueryClient();
  const take = useSessionTaker();
  return useSecretRequest(
    (request: T.RecoveryKeyConfirmRequest) => unwrap(commands.recoveryKeyConfirm(request)),
    (session) => {
      void client.invalidateQueries({ queryKey: keys.recovery });
      take(session);
    },
  );
}

export function useRecoveryKeyCancel() {
  return useMutation({ mutationFn: () => unwrap(commands.recoveryKeyCancel()) });
}

export function useRecoveryKeyDecline() {
  const client = useQueryClient();
  const take = useSessionTaker();
  const fresh = useFresh('administration');
  return useMutation({
    mutationFn: () => fresh(() => unwrap(commands.recoveryKeyDecline())),
    onSuccess: (session) => {
      void client.invalidateQueries({ queryKey: keys.recovery });
      take(session);
    },
  });
}

export function useWorkstationRecover(done: (view: T.WorkstationRecoverView) => void) {
  return useSecretRequest((request: T.UserPasswordRecoverRequest) => unwrap(commands.workstationRecover(request)), done);
}

export function useUserPasswordRecover(done: () => void) {
  return useSecretRequest((request: T.UserPasswordRecoverRequest) => unwrap(commands.userPasswordRecover(request)), done);
}

export function useUserPasswordReset() {
  const fresh = useFresh('administration');
  return useSecretRequest((request: T.UserPasswordResetRequest) => fresh(() => unwrap(commands.userPasswordReset(request))), () => undefined);
}

export function useUserPasswordChange() {
  const fresh = useFresh('own-sign-in');
  return useSecretRequest((request: T.UserPasswordChangeRequest) => fresh(() => unwrap(commands.userPasswordChange(request))), useSessionTaker());
}

export function useBackupStart() {
  const client = useQueryClient();
  const fresh = useFresh('administration');
  return useMutation({
    mutationFn: (request: T.BackupCreateRequest) => fresh(() => unwrap(commands.backupStart(request))),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.backupProgress }),
  });
}

export function useBackupCancel() {
  return useMutation({ mutationFn: () => unwrap(commands.backupCancel()) });
}

/** Reads the session anew: the workstation opened after all. */
export function useSessionAgain() {
  const client = useQueryClient();
  return () => void client.resetQueries({ queryKey: keys.session });
}

/** Tells the core where the user is, which seals it with the user's keys. */
export function placeUpdate(place: string): Promise<null> {
  return unwrap(commands.sessionPlaceUpdate({ place }));
}

/** The session says how many are left. */
export function useSuspensionLift() {
  const client = useQueryClient();
  const fresh = useFresh('unusual-access');
  return useMutation({
    mutationFn: (request: T.SuspensionLiftRequest) => fresh(() => unwrap(commands.suspensionLift(request))),
    onSuccess: (list) => {
      client.setQueryData(keys.suspensions, list);
      void client.invalidateQueries({ queryKey: keys.session });
    },
  });
}

/** Charts that were refused are read anew. */
export function useSuspensionSupervisedLift() {
  const client = useQueryClient();
  const take = useSessionTaker();
  return useSecretRequest(
    (request: T.SuspensionSupervisedLiftRequest) => unwrap(commands.suspensionSupervisedLift(request)),
    (session) => {
      take(session);
      void client.resetQueries({ queryKey: ['chart'] });
    },
  );
}
