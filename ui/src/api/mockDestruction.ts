// The invented core's part for destructions with two persons.
import type { Commands, Result } from './contract';
import type * as T from './types';

type Core = {
  mock: { user: T.UserView | null; destructions: T.DestructionRow[] };
  needFresh: () => void;
  answer: <V>(command: keyof Commands, request: unknown, work: () => V) => Promise<Result<V>>;
  refuse: (code: T.ErrorCode, message: string) => never;
};

type Names = 'patientDestructionSearch' | 'patientDestructionRequest' | 'patientDestructionApprove' | 'patientDestructionWithdraw';

const row = (id: number, rest: Partial<T.DestructionRow>): T.DestructionRow => ({
  id,
  patientId: 'p1',
  patient: null,
  resource: null,
  reason: 'patient-request',
  words: 'Granted on the 21st, file 4711',
  requested: '21-Nov-2026 10:42',
  requestedBy: 'T. ABEBE',
  expires: '24-Nov-2026 10:42',
  stage: 'waiting',
  decided: null,
  decidedBy: null,
  destroyed: null,
  resources: 214,
  own: false,
  ...rest,
});

export function destructions(): T.DestructionRow[] {
  return [
    row(3, { patientId: 'p2', resource: 'DocumentReference/d1', reason: 'legal-order', words: 'Order of the court of the 20th', requestedBy: 'R. HALVORSEN', resources: 1 }),
    row(2, {}),
    row(1, { patientId: 'p9', stage: 'destroyed', reason: 'entered-in-error', words: 'Another hospital’s file', decided: '19-Nov-2026 09:00', decidedBy: 'R. HALVORSEN', destroyed: '19-Nov-2026 09:00', resources: 0 }),
  ];
}

export function destructionCommands({ mock, needFresh, answer, refuse }: Core): Pick<Commands, Names> {
  const mine = (one: T.DestructionRow) => ({ ...one, own: one.requestedBy === mock.user?.displayName });
  const decide = (request: T.DestructionDecideRequest, change: Partial<T.DestructionRow>) => {
    if (!mock.destructions.some((one) => one.id === request.id && one.patientId === request.patientId && one.stage === 'waiting'))
      refuse('invalid', 'this request was decided already');
    mock.destructions = mock.destructions.map((one) => (one.id === request.id ? { ...one, decided: '22-Nov-2026 08:15', decidedBy: mock.user?.displayName ?? null, ...change } : one));
    return null;
  };
  return {
    patientDestructionSearch: () => answer('patientDestructionSearch', null, () => ({ rows: mock.destructions.map(mine), hours: 72 })),
    patientDestructionRequest: (request) =>
      answer('patientDestructionRequest', request, () => {
        needFresh();
        const id = Math.max(0, ...mock.destructions.map((one) => one.id)) + 1;
        mock.destructions = [row(id, { ...request, requestedBy: mock.user?.displayName ?? '' }), ...mock.destructions];
        return id;
      }),
    patientDestructionApprove: (request) =>
      answer('patientDestructionApprove', request, () => {
        needFresh();
        return decide(request, { stage: 'destroyed', destroyed: '22-Nov-2026 08:15', resources: 0 });
      }),
    patientDestructionWithdraw: (request) => answer('patientDestructionWithdraw', request, () => decide(request, { stage: 'withdrawn' })),
  };
}
