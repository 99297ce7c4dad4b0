// The invented core's part for the desk over the fleet: acts change the case as the server would.
import type { Commands, Result } from './contract';
import { accesses, activity, coreTime, devices, incidents, rules } from './mockFleetScene';
import type * as T from './types';

export type MockFleet = { incidents: T.IncidentView[]; devices: T.FleetDeviceListView; rules: T.DetectionRulesView };

export const someFleet = (): MockFleet => ({ incidents: incidents(), devices: devices(), rules: rules() });

type Part = 'incidentSearch' | 'incidentRead' | 'incidentUpdate' | 'incidentDecide' | 'incidentExport' | 'fleetDeviceSearch' | 'fleetActivityRead' | 'fleetAccessSearch' | 'detectionRuleSearch' | 'detectionRuleUpdate';
type Core = {
  mock: { user: T.UserView | null; fleet: MockFleet };
  needFresh: () => void;
  answer: <V>(command: Part, request: unknown, work: () => V) => Promise<Result<V>>;
  refuse: (code: T.ErrorCode, message: string) => never;
};

export function fleetCommands({ mock, needFresh, answer, refuse }: Core): Pick<Commands, Part> {
  const find = (id: number): T.IncidentView => {
    needFresh();
    const found = mock.fleet.incidents.find((one) => one.row.id === id) ?? refuse('not-found', 'the server says: There is nothing here');
    // An administrator gets no patients and no words of a case from the server.
    if (mock.user?.role === 'privacy-officer') return found;
    const events = found.events.map((event) => ({ ...event, patientId: null, patient: null }));
    return { ...found, events, patients: [], assessment: null, history: found.history.map((step) => ({ ...step, words: null })) };
  };
  const put = (view: T.IncidentView, row: Partial<T.IncidentRow>, what: string, words: string | null, rest: Partial<T.IncidentView> = {}): T.IncidentView => {
    const step = { at: coreTime(Date.now() / 1000, true), by: mock.user?.displayName ?? null, what, words };
    const next = { ...view, ...rest, row: { ...view.row, ...row }, history: [...view.history, step] };
    mock.fleet.incidents = mock.fleet.incidents.map((one) => (one.row.id === view.row.id ? next : one));
    return next;
  };
  const worded = (words: string): string => (words.trim().length < 10 ? refuse('invalid', 'the server says: Say it in 10 to 2,000 characters') : words.trim());

  return {
    incidentSearch: (request) =>
      answer('incidentSearch', request, () => {
        needFresh();
        const all = mock.fleet.incidents.map((one) => one.row);
        const count = (stage: T.IncidentStage) => all.filter((one) => one.stage === stage).length;
        return { rows: all.filter((one) => (request.stage ?? one.stage) === one.stage), open: count('open'), acknowledged: count('acknowledged'), closed: count('closed') };
      }),
    incidentRead: (request) => answer('incidentRead', request, () => find(request.id)),
    incidentUpdate: (request) =>
      answer('incidentUpdate', request, () => {
        const view = find(request.id);
        if (view.row.own) refuse('forbidden', 'the server says: The incident is about you; somebody else works on it');
        const who = mock.user === null ? null : { userId: mock.user.id, who: mock.user.displayName };
        switch (request.step) {
          case 'acknowledge':
            if (view.row.stage !== 'open') refuse('version-conflict', 'the server says: The incident is acknowledged already, or closed');
            return put(view, { stage: 'acknowledged', assigned: view.row.assigned ?? who }, 'acknowledged', null);
          case 'escalate':
            return put(view, { level: view.row.level + 1 }, 'escalated', worded(request.words));
          case 'suspend':
            return put(view, { suspended: true }, 'suspended', worded(request.words));
          case 'lift-suspension':
            return put(view, { suspended: false }, 'suspension-lifted', worded(request.words));
        }
      }),
    incidentDecide: (request) =>
      answer('incidentDecide', request, () => {
        const view = find(request.id);
        const { decision } = request;
        switch (decision.act) {
          case 'assign':
            return put(view, { assigned: view.assignable.find((one) => one.userId === decision.userId) ?? null }, 'assigned', null);
          case 'comment':
            return put(view, {}, 'commented', worded(decision.words));
          case 'close':
            return put(view, { stage: 'closed', finding: decision.finding }, 'closed', worded(decision.words));
          case 'reopen':
            return put(view, { stage: 'acknowledged', finding: null }, 'reopened', worded(decision.words));
          case 'assess': {
            const { assessment } = decision;
            const last = new Date(`${assessment.discovered}T12:00:00Z`);
            const day = (date: Date) => coreTime(date.getTime() / 1000).split(' ')[0] ?? '';
            const discovered = day(last);
            last.setUTCDate(last.getUTCDate() + 60);
            const clock = assessment.breach ? { notifyBy: day(last), notifyDays: Math.round((last.getTime() - Date.now()) / 86_400_000) } : { notifyBy: null, notifyDays: null };
            return put(view, clock, 'assessed', null, { assessment: { ...assessment, discovered, discoveredDay: assessment.discovered, by: mock.user?.displayName ?? null, at: coreTime(Date.now() / 1000) } });
          }
        }
      }),
    incidentExport: (request) =>
      answer('incidentExport', request, () => {
        put(find(request.id), {}, 'evidence-exported', null);
        return { path: request.path };
      }),
    fleetDeviceSearch: () =>
      answer('fleetDeviceSearch', null, () => {
        needFresh();
        return mock.fleet.devices;
      }),
    fleetActivityRead: (request) =>
      answer('fleetActivityRead', request, () => {
        needFresh();
        return activity(request.period);
      }),
    fleetAccessSearch: (request) =>
      answer('fleetAccessSearch', request, () => {
        needFresh();
        return accesses(request);
      }),
    detectionRuleSearch: () =>
      answer('detectionRuleSearch', null, () => {
        needFresh();
        return mock.fleet.rules;
      }),
    detectionRuleUpdate: (request) =>
      answer('detectionRuleUpdate', request, () => {
        needFresh();
        const version = Number(/^version = (\d+)$/m.exec(request.rules)?.[1] ?? 0);
        if (version === 0) refuse('invalid', 'the server says: The rules are not well formed');
        if (version <= mock.fleet.rules.active) refuse('version-conflict', 'the server says: Other rules are kept under this version, or a newer one decides');
        const made = { version, made: coreTime(Date.now() / 1000), active: coreTime(Date.now() / 1000) };
        mock.fleet.rules = { active: version, versions: [made, ...mock.fleet.rules.versions], rules: request.rules };
        return mock.fleet.rules;
      }),
  };
}
