// What an administrator asks for about the central server.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { commands, unwrap } from './client';
import { useSecretRequest } from './mutations';
import { keys } from './queries';
import { useFresh } from './reauthentication';
import type * as T from './types';

function useSyncTaker() {
  const client = useQueryClient();
  return (state: T.SyncView) => void client.setQueryData(keys.sync, state);
}

/** Asks the server again, now. What comes of it the core says later. */
export function useSyncRetry() {
  return useMutation({ mutationFn: () => unwrap(commands.syncRetry()), onSuccess: useSyncTaker() });
}

export function useKeyDeposit() {
  const fresh = useFresh('administration');
  return useMutation({ mutationFn: () => fresh(() => unwrap(commands.keyDeposit())), onSuccess: useSyncTaker() });
}

/** Joins a fleet. The token is a secret, so it goes past the cache as passwords do. */
export function useFleetJoin() {
  const client = useQueryClient();
  const fresh = useFresh('administration');
  const take = useSyncTaker();
  const send = async (request: T.FleetJoinRequest) => {
    try {
      return await fresh(() => unwrap(commands.fleetJoin(request)));
    } catch (error) {
      // It may be one of the fleet all the same: what failed was handing the keys over.
      await client.invalidateQueries({ queryKey: keys.sync });
      throw error;
    }
  };
  return useSecretRequest(send, (state: T.SyncView) => {
    take(state);
    // The directory names users.
    void client.invalidateQueries({ queryKey: keys.users });
  });
}
