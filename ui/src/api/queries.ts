// What the screen reads from the core. Patient data lives in memory no longer than it is shown.
import { keepPreviousData, notifyManager, QueryCache, QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { commands, failureOf, unwrap } from './client';
import { useFresh } from './reauthentication';
import type { KeyUseSearchRequest, Section, SectionRest, SectionView } from './types';

// What came is drawn with this turn of the page and not with its next.
notifyManager.setScheduler(queueMicrotask);

/** Every read leaves an audit entry, so nothing is read again behind the user's back. */
export function makeQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      // The core closed the session before its event came: ask how things stand.
      onError: (error, query) => {
        const code = failureOf(error).code;
        if (query.queryKey[0] !== keys.session[0] && (code === 'locked' || code === 'not-signed-in'))
          void client.invalidateQueries({ queryKey: keys.session });
      },
    }),
    defaultOptions: {
      queries: {
        retry: false,
        networkMode: 'always',
        staleTime: Infinity,
        gcTime: 5_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        refetchOnMount: true,
        // What is read anew is new: to look for what is the same costs more than to draw it.
        structuralSharing: false,
      },
      mutations: { retry: false, networkMode: 'always', gcTime: 0 },
    },
  });
  return client;
}

export const keys = {
  session: ['session'] as const,
  sync: ['sync'] as const,
  place: ['place'] as const,
  documentProgress: ['document', 'progress'] as const,
  patients: ['patient'] as const,
  patientSearch: (text: string) => ['patient', 'search', text] as const,
  patientRecent: ['patient', 'recent'] as const,
  chart: (patientId: string) => ['chart', patientId] as const,
  demographics: (patientId: string) => ['chart', patientId, 'demographics'] as const,
  section: (patientId: string, section: Section) => ['chart', patientId, 'section', section] as const,
  sectionRest: (patientId: string, section: Section, readAt: number) => ['chart', patientId, 'section', section, 'rest', readAt] as const,
  series: (patientId: string, key: string) => ['chart', patientId, 'series', key] as const,
  document: (patientId: string, resourceType: string, id: string) => ['chart', patientId, 'document', resourceType, id] as const,
  resource: (patientId: string, resourceType: string, id: string) => ['chart', patientId, 'resource', resourceType, id] as const,
  history: (patientId: string, resourceType: string, id: string) => ['chart', patientId, 'history', resourceType, id] as const,
  users: ['user'] as const,
  ownSignIn: ['own-sign-in'] as const,
  emergencyOffer: (patientId: string) => ['chart', patientId, 'emergency'] as const,
  emergencyAccesses: ['emergency-access'] as const,
  importProgress: ['import'] as const,
  recovery: ['recovery'] as const,
  backupStatus: ['backup'] as const,
  backupProgress: ['backup', 'progress'] as const,
  posture: ['posture'] as const,
  keys: ['key'] as const,
  destructions: ['destructions'] as const,
  suspensions: ['suspensions'] as const,
  keyUses: (request: KeyUseSearchRequest) => ['key-use', request] as const,
};

/** What is of nobody: the session, and how the central server and this workstation stand. */
const ofNobody: unknown[] = [keys.session[0], keys.sync[0]];

/** Drops everything that could be of somebody: on lock, switch and sign-out. */
export function forgetPatients(client: QueryClient): void {
  void client.cancelQueries({ predicate: (query) => !ofNobody.includes(query.queryKey[0]) });
  client.removeQueries({ predicate: (query) => !ofNobody.includes(query.queryKey[0]) });
  client.getMutationCache().clear();
}

const session = { queryKey: keys.session, queryFn: () => unwrap(commands.sessionRead()), gcTime: Infinity };

const sync = { queryKey: keys.sync, queryFn: () => unwrap(commands.syncRead()), gcTime: Infinity };

/**
 * Asks for the session before anything is drawn; a refusal is shown by whoever uses the session. How the central server stands is asked
 * beside it and not waited for: its line is there with the page, most of the time, and moves nothing.
 */
export function readSession(client: QueryClient): Promise<void> {
  const read = client.prefetchQuery(session);
  void client.prefetchQuery(sync);
  return read;
}

export function useSession() {
  return useQuery(session);
}

/** The session as it was read last; whoever draws the stages of the session has asked for it. */
export function useSessionAsRead() {
  return useQuery({ ...session, enabled: false }).data;
}

/** How the central server and this workstation stand; the core says each change (`useSyncEvents`). */
export function useSync() {
  return useQuery(sync);
}

/** The same, read when the page opens: directory and lease move on without a word. */
export function useSyncRead() {
  return useQuery({ ...sync, staleTime: 0 });
}

/** Where the user was before the lock, read once: what was typed there is in the page's memory no longer than the page itself. */
export function useStoredPlace() {
  return useQuery({ queryKey: keys.place, queryFn: () => unwrap(commands.sessionPlaceRead()), gcTime: 0 });
}

/** The pause after the last key, in milliseconds, before a list is asked for: each list that is shown is an entry of the audit log. */
const pause = 200;

const patientSearch = (text: string) => ({ queryKey: keys.patientSearch(text), queryFn: () => unwrap(commands.patientSearch({ text })) });

/**
 * What of `typed` is asked for, once nothing was typed for a pause. The patients are asked for as the pause ends and not once the page was
 * drawn again, which takes a frame; not at all where `asksPatients` is false.
 */
export function useAsked(typed: string, asksPatients = true): string {
  const client = useQueryClient();
  const [asked, setAsked] = useState(typed);
  useEffect(() => {
    if (typed === asked) return undefined;
    const timer = setTimeout(() => {
      if (asksPatients && typed !== '') void client.prefetchQuery(patientSearch(typed));
      setAsked(typed);
    }, pause);
    return () => clearTimeout(timer);
  }, [client, typed, asked, asksPatients]);
  return asked;
}

export function usePatientSearch(text: string) {
  return useQuery({ ...patientSearch(text), enabled: text.trim() !== '', placeholderData: keepPreviousData });
}

/** What of one chart matches; nothing is asked without a chart or for less than two letters. */
export function useChartSearch(patientId: string | null, text: string) {
  return useQuery({
    queryKey: [...keys.chart(patientId ?? ''), 'search', text],
    queryFn: () => unwrap(commands.chartSearch({ patientId: patientId ?? '', text })),
    enabled: patientId !== null && text.trim().length > 1,
    staleTime: 0,
    gcTime: 0,
  });
}

export function usePatientRecent(enabled = true) {
  return useQuery({ queryKey: keys.patientRecent, queryFn: () => unwrap(commands.patientRecent()), enabled, staleTime: 0 });
}

/** The one read of a chart that may ask for an authentication: whoever has opened more charts than usual meets it here first. */
export function useChart(patientId: string) {
  const fresh = useFresh('unusual-access');
  return useQuery({ queryKey: keys.chart(patientId), queryFn: () => fresh(() => unwrap(commands.chartRead({ patientId }))) });
}

const sectionRead = (patientId: string, section: Section) => ({
  queryKey: keys.section(patientId, section),
  queryFn: () => unwrap(commands.sectionRead({ patientId, section })),
});

export function useSection(patientId: string, section: Section) {
  return useQuery(sectionRead(patientId, section));
}

/** Reads a section that is about to be drawn: with the key that opens it, and not once the page was drawn without its rows. */
export function useSectionAhead(patientId: string): (section: Section) => void {
  const client = useQueryClient();
  return useCallback((section: Section) => void client.prefetchQuery(sectionRead(patientId, section)), [client, patientId]);
}

/** The rest of a long section, once its first rows are drawn; it joins them in `useSection`. */
export function useSectionRest(patientId: string, section: Section, first: { data: SectionView | undefined; dataUpdatedAt: number }) {
  const client = useQueryClient();
  const left = first.data?.left ?? 0;
  const drawn = useDrawn();
  return useQuery({
    queryKey: keys.sectionRest(patientId, section, first.dataUpdatedAt),
    queryFn: async () => {
      const key = keys.section(patientId, section);
      try {
        const rest = await unwrap(commands.sectionRestRead({ patientId, section }));
        client.setQueryData<SectionView>(key, (view) => (view === undefined ? view : joined(view, rest)));
      } catch (error) {
        // Another section was read meanwhile, and the core keeps one rest: this one is read anew.
        if (failureOf(error).code !== 'not-found') throw error;
        await client.refetchQueries({ queryKey: key, exact: true });
      }
      return null;
    },
    enabled: left > 0 && drawn,
    gcTime: 0,
  });
}

/** Whether what was there first has been on the screen. */
function useDrawn(): boolean {
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => setDrawn(true), 0);
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, []);
  return drawn;
}

function joined(view: SectionView, { content }: SectionRest): SectionView {
  const own = view.content;
  if (!('rows' in own) || !('rows' in content) || own.section !== content.section) return view;
  return { ...view, left: 0, content: { ...own, rows: [...own.rows, ...content.rows] } as SectionView['content'] };
}

export function useObservationSeries(patientId: string, key: string | null) {
  return useQuery({
    queryKey: keys.series(patientId, key ?? ''),
    queryFn: () => unwrap(commands.observationSeriesRead({ patientId, key: key ?? '' })),
    enabled: key !== null,
  });
}

export function useDocument(patientId: string, resourceType: string, id: string) {
  return useQuery({
    queryKey: keys.document(patientId, resourceType, id),
    queryFn: () => unwrap(commands.documentRead({ patientId, resourceType, id })),
  });
}

export function useResource(patientId: string, resourceType: string, id: string) {
  return useQuery({
    queryKey: keys.resource(patientId, resourceType, id),
    queryFn: () => unwrap(commands.resourceRead({ patientId, resourceType, id })),
  });
}

export function useEmergencyOffer(patientId: string, enabled = true) {
  return useQuery({
    queryKey: keys.emergencyOffer(patientId),
    queryFn: () => unwrap(commands.emergencyOfferRead({ patientId })),
    staleTime: 0,
    enabled,
  });
}

export function useEmergencyAccesses() {
  return useQuery({ queryKey: keys.emergencyAccesses, queryFn: () => unwrap(commands.emergencyAccessSearch()), staleTime: 0 });
}

export function useOwnSignIn() {
  return useQuery({ queryKey: keys.ownSignIn, queryFn: () => unwrap(commands.ownSignInRead()), staleTime: 0 });
}

export function useUsers() {
  return useQuery({ queryKey: keys.users, queryFn: () => unwrap(commands.userSearch()), staleTime: 0 });
}

export function useRecovery() {
  return useQuery({ queryKey: keys.recovery, queryFn: () => unwrap(commands.recoveryRead()), staleTime: 0 });
}

export function useBackupStatus(enabled = true) {
  return useQuery({ queryKey: keys.backupStatus, queryFn: () => unwrap(commands.backupStatusRead()), staleTime: 0, enabled });
}

export function useBackupProgress() {
  return useQuery({ queryKey: keys.backupProgress, queryFn: () => unwrap(commands.backupProgressRead()), staleTime: 0 });
}

export function usePosture() {
  return useQuery({ queryKey: keys.posture, queryFn: () => unwrap(commands.postureRead()), staleTime: 0 });
}

export function useKeys() {
  return useQuery({ queryKey: keys.keys, queryFn: () => unwrap(commands.keySearch({ eachPatient: false })), staleTime: 0 });
}

export function useDestructions() {
  return useQuery({ queryKey: keys.destructions, queryFn: () => unwrap(commands.patientDestructionSearch()), staleTime: 0 });
}

export function useKeyUses(request: KeyUseSearchRequest) {
  return useQuery({ queryKey: keys.keyUses(request), queryFn: () => unwrap(commands.keyUseSearch(request)), staleTime: 0 });
}

export function useImportProgress() {
  return useQuery({ queryKey: keys.importProgress, queryFn: () => unwrap(commands.importProgressRead()), staleTime: 0 });
}

export function useSuspensions() {
  return useQuery({ queryKey: keys.suspensions, queryFn: () => unwrap(commands.suspensionSearch()), staleTime: 0 });
}
