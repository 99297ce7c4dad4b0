// The desk over the whole fleet: what is read from the server through the core, and what is done there. Each read is an entry of the audit log.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { commands, unwrap } from './client';
import { useFresh } from './reauthentication';
import type * as T from './types';

const fleet = ['fleet'] as const;
const keys = {
  incidents: [...fleet, 'incidents'] as const,
  listed: (stage: T.IncidentStage | null) => [...fleet, 'incidents', stage] as const,
  incident: (id: number) => [...fleet, 'incident', id] as const,
  devices: [...fleet, 'devices'] as const,
  activity: (period: T.ActivityPeriod) => [...fleet, 'activity', period] as const,
  accesses: (request: T.FleetAccessSearchRequest) => [...fleet, 'accesses', request] as const,
  rules: [...fleet, 'rules'] as const,
};

/** The server asks for the password before it shows anything, and again after a quarter of an hour. */
const useAtTheDesk = () => useFresh('fleet-desk');

export function useIncidents(stage: T.IncidentStage | null) {
  const fresh = useAtTheDesk();
  return useQuery({ queryKey: keys.listed(stage), queryFn: () => fresh(() => unwrap(commands.incidentSearch({ stage }))), staleTime: 0 });
}

export function useIncident(id: number) {
  const fresh = useAtTheDesk();
  return useQuery({ queryKey: keys.incident(id), queryFn: () => fresh(() => unwrap(commands.incidentRead({ id }))), staleTime: 0 });
}

/** What was done changes the incident and its line in every list. */
function useAct<R extends { id: number }>(send: (request: R) => Promise<T.IncidentView>) {
  const client = useQueryClient();
  const fresh = useAtTheDesk();
  return useMutation({
    mutationFn: (request: R) => fresh(() => send(request)),
    onSuccess: (view, { id }) => {
      client.setQueryData(keys.incident(id), view);
      void client.invalidateQueries({ queryKey: keys.incidents });
    },
  });
}

export const useIncidentUpdate = () => useAct((request: T.IncidentUpdateRequest) => unwrap(commands.incidentUpdate(request)));
export const useIncidentDecide = () => useAct((request: T.IncidentDecideRequest) => unwrap(commands.incidentDecide(request)));

/** Writes the signed evidence to a new file, which is a step of the case. */
export function useIncidentExport() {
  const client = useQueryClient();
  const fresh = useAtTheDesk();
  return useMutation({
    mutationFn: (request: T.IncidentExportRequest) => fresh(() => unwrap(commands.incidentExport(request))),
    onSuccess: (_, { id }) => void client.invalidateQueries({ queryKey: keys.incident(id) }),
  });
}

export function useFleetDevices() {
  const fresh = useAtTheDesk();
  return useQuery({ queryKey: keys.devices, queryFn: () => fresh(() => unwrap(commands.fleetDeviceSearch())), staleTime: 0 });
}

export function useFleetActivity(period: T.ActivityPeriod) {
  const fresh = useAtTheDesk();
  return useQuery({ queryKey: keys.activity(period), queryFn: () => fresh(() => unwrap(commands.fleetActivityRead({ period }))), staleTime: 0 });
}

export function useFleetAccesses(request: T.FleetAccessSearchRequest) {
  const fresh = useAtTheDesk();
  return useQuery({ queryKey: keys.accesses(request), queryFn: () => fresh(() => unwrap(commands.fleetAccessSearch(request))), staleTime: 0 });
}

export function useDetectionRules() {
  const fresh = useAtTheDesk();
  return useQuery({ queryKey: keys.rules, queryFn: () => fresh(() => unwrap(commands.detectionRuleSearch())), staleTime: 0 });
}

export function useDetectionRuleUpdate() {
  const client = useQueryClient();
  const fresh = useAtTheDesk();
  return useMutation({
    mutationFn: (rules: string) => fresh(() => unwrap(commands.detectionRuleUpdate({ rules }))),
    onSuccess: (view) => client.setQueryData(keys.rules, view),
  });
}
