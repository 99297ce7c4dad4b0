// Notes: drafts that are stored while they are written, signatures, and what is left to sign.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { commands, failureOf, unwrap } from './client';
import { keys } from './queries';
import { useFresh } from './reauthentication';
import type * as T from './types';

/** Read when it is opened and never behind the back of who writes in it; it is in memory no longer than it is shown. */
export function useNoteDraft(patientId: string, id: string, enabled: boolean) {
  return useQuery({
    queryKey: ['note-draft', patientId, id],
    queryFn: () => unwrap(commands.noteDraftRead({ patientId, id })),
    enabled,
    gcTime: 0,
  });
}

export const noteDraftRead = (request: T.NoteDraftReadRequest) => unwrap(commands.noteDraftRead(request));

export function useNoteDraftCreate() {
  return useMutation({ mutationFn: (request: T.NoteDraftCreateRequest) => unwrap(commands.noteDraftCreate(request)) });
}

/** Stores a draft. A session that was closed meanwhile is asked for, since no query would notice. */
export function useNoteDraftStore() {
  const client = useQueryClient();
  return async (request: T.NoteDraftUpdateRequest) => {
    try {
      return await unwrap(commands.noteDraftUpdate(request));
    } catch (error) {
      const { code } = failureOf(error);
      if (code === 'locked' || code === 'not-signed-in') void client.invalidateQueries({ queryKey: keys.session });
      throw error;
    }
  };
}

export function useNoteDraftDelete(patientId: string) {
  const changed = useDraftsChanged(patientId);
  return useMutation({
    mutationFn: (request: T.NoteDraftDeleteRequest) => unwrap(commands.noteDraftDelete(request)),
    onSuccess: changed,
  });
}

/** The list that the drafts stand in is read again. */
export function useDraftsChanged(patientId: string) {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: keys.section(patientId, 'documents'), exact: true });
}

/** A signature: the core asks for a fresh authentication for each. */
function useSignature<R>(patientId: string, sign: (request: R) => Promise<T.WrittenView>) {
  const client = useQueryClient();
  const fresh = useFresh('signing');
  return useMutation({
    mutationFn: (request: R) => fresh(() => sign(request)),
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.chart(patientId) }),
  });
}

export const useNoteSign = (patientId: string) => useSignature(patientId, (request: T.NoteSignRequest) => unwrap(commands.noteSign(request)));
export const useNoteCosign = (patientId: string) => useSignature(patientId, (request: T.NoteCosignRequest) => unwrap(commands.noteCosign(request)));
export const useNoteMarkInError = (patientId: string) => useSignature(patientId, (request: T.NoteMarkRequest) => unwrap(commands.noteMarkInError(request)));

/** What the user has left to sign. */
export function useUnsignedNotes() {
  return useQuery({ queryKey: ['patient', 'unsigned-notes'], queryFn: () => unwrap(commands.unsignedNoteSearch()), staleTime: 0 });
}
