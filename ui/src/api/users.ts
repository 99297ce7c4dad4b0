// Users and teams: reading them, and changing what others are and may do.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { commands, unwrap } from './client';
import { keys } from './queries';
import { useFresh } from './reauthentication';
import type * as T from './types';

const teams = ['team'] as const;

export function useTeams() {
  return useQuery({ queryKey: teams, queryFn: () => unwrap(commands.teamSearch()), staleTime: 0 });
}

/** Users name their teams and teams their members: both are read anew after a change of either. */
function useChange<R, V>(send: (request: R) => Promise<V>) {
  const client = useQueryClient();
  const fresh = useFresh('administration');
  return useMutation({
    mutationFn: (request: R) => fresh(() => send(request)),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: keys.users }), client.invalidateQueries({ queryKey: teams })]),
  });
}

export const useUserUpdate = () => useChange((request: T.UserUpdateRequest) => unwrap(commands.userUpdate(request)));
export const useTeamPut = () => useChange((request: T.TeamPutRequest) => unwrap(commands.teamPut(request)));
export const useTeamDelete = () => useChange((request: T.TeamDeleteRequest) => unwrap(commands.teamDelete(request)));
