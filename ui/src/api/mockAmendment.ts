// What patients ask to be amended, in the invented core. No value here is a real person's.
import type { Commands, Result } from './contract';
import { patients } from './mockChart';
import type * as T from './types';

export type Amendments = { rows: (T.AmendmentRow & { patientId: string })[]; made: number };

export const noAmendments = (): Amendments => ({ rows: [], made: 0 });

type Core = {
  mock: { amendments: Amendments; written: { onScreen: string | null }; user: T.UserView | null };
  answer<V>(command: keyof Commands, request: unknown, work: () => V): Promise<Result<V>>;
  refuse(code: T.ErrorCode, message: string): never;
  needOpen(): void;
};

type Names = 'amendmentCreate' | 'amendmentExtend' | 'amendmentAccept' | 'amendmentDeny' | 'amendmentDisagree' | 'amendmentRebut' | 'amendmentDueSearch';

const when = (text: string): T.When => ({ iso: '2026-11-29', text });
const today = '29-Nov-2026';

/** The one note that requests of the invented chart name. */
export const choices: T.NoteChoice[] = [
  { id: 'no2', title: 'History and physical, 25-Nov-2026 10:42', follows: null },
  { id: 'no3', title: 'History and physical: Amendment, 26-Nov-2026 10:42', follows: 'no2' },
];

export function amendmentCommands({ mock, answer, refuse, needOpen }: Core): Pick<Commands, Names> {
  const onScreen = (request: { patientId: string; chartOnScreen: string }) => {
    needOpen();
    if (mock.written.onScreen !== request.patientId || request.chartOnScreen !== request.patientId) refuse('other-patient', 'another chart is on the screen');
  };
  const me = () => mock.user?.displayName ?? '';
  const change = (request: { id: string; version?: number }, next: (row: T.AmendmentRow) => Partial<T.AmendmentRow>) => {
    const row = mock.amendments.rows.find((one) => one.id === request.id || one.disagreement?.id === request.id) ?? refuse('not-found', 'there is no such request any more');
    mock.amendments.rows = mock.amendments.rows.map((one) => (one === row ? { ...one, ...next(row), version: one.version + 1 } : one));
    return { lines: ['Amendment request'] };
  };
  const said = (text: string): T.AmendmentStatement => ({ text, who: me(), when: today });
  return {
    amendmentCreate: (request) =>
      answer('amendmentCreate', request, () => {
        onScreen(request);
        mock.amendments.made += 1;
        const about = [choices.find((one) => one.id === request.note)?.title ?? '', request.about].filter((part) => part !== '').join(': ');
        mock.amendments.rows = [
          { patientId: request.patientId, id: `am${mock.amendments.made}`, version: 1, note: request.note, about, asked: request.asked, received: when(today), due: when('28-Jan-2027'), status: 'open', delay: '', decision: null, ground: '', amendment: null, disagreement: null },
          ...mock.amendments.rows,
        ];
        return { lines: ['Amendment request, to be decided by 2027-01-28'] };
      }),
    amendmentExtend: (request) => answer('amendmentExtend', request, () => (onScreen(request), change(request, () => ({ status: 'extended', delay: request.delay, due: when(request.until) })))),
    amendmentAccept: (request) => answer('amendmentAccept', request, () => (onScreen(request), change(request, () => ({ status: 'accepted', decision: said(request.done), amendment: request.amendment })))),
    amendmentDeny: (request) => answer('amendmentDeny', request, () => (onScreen(request), change(request, () => ({ status: 'denied', ground: 'It is accurate and complete.', decision: said(`${request.basis} (${request.contact})`) })))),
    amendmentDisagree: (request) =>
      answer('amendmentDisagree', request, () => {
        onScreen(request);
        return change(request, (row) => ({ disagreement: { id: `${row.id}-d`, version: 1, statement: { text: request.statement, who: '', when: today }, rebuttal: null } }));
      }),
    amendmentRebut: (request) =>
      answer('amendmentRebut', request, () => {
        onScreen(request);
        return change(request, ({ disagreement }) => ({ disagreement: disagreement === null ? null : { ...disagreement, rebuttal: said(request.rebuttal) } }));
      }),
    amendmentDueSearch: () =>
      answer('amendmentDueSearch', null, () => {
        needOpen();
        const open = mock.amendments.rows.filter((one) => one.status === 'open' || one.status === 'extended');
        return { rows: open.flatMap((one) => patients.filter((patient) => patient.patientId === one.patientId).map((patient) => ({ patient, id: one.id, due: one.due.text, overdue: one.id.endsWith('-late') }))) };
      }),
  };
}

/** The page of a chart with what was asked here; the words are kept from the front desk. */
export function withAmendments(content: T.SectionContent, patientId: string, amendments: Amendments, user: T.UserView | null): T.SectionContent {
  if (content.section !== 'amendments') return content;
  const wordless = user?.role === 'front-desk';
  const hide = (statement: T.AmendmentStatement | null) => (statement !== null && wordless ? { ...statement, text: null } : statement);
  const rows = amendments.rows.filter((one) => one.patientId === patientId).map((row) => (wordless ? { ...row, about: null, asked: null, delay: '', decision: hide(row.decision) } : row));
  return { ...content, rows, notes: wordless ? [] : choices, decides: user?.role === 'physician' };
}
