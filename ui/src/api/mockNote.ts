// Notes in the invented core: drafts with versions, signatures that ask for a fresh authentication each, and what follows what.
import type { Commands, Result } from './contract';
import { patients } from './mockChart';
import { inventedNotes, sectionsOf, templatesOf, titles, type Signed } from './mockNoteText';
import type * as T from './types';

export type Draft = T.NoteDraftView & { patientId: string; owner: string };

export type Notes = {
  drafts: Draft[];
  signed: Signed[];
  /** Somebody has just authenticated to sign: good for one signature. */
  fresh: boolean;
  made: number;
  /** What every new note may belong to. */
  encounters: T.NoteEncounterView[];
};

export const noNotes = (): Notes => ({ drafts: [], signed: [], fresh: false, made: 0, encounters: [] });

export const someNotes = (): Notes => ({ ...noNotes(), signed: inventedNotes() });

type Core = {
  mock: { notes: Notes; written: { onScreen: string | null }; user: T.UserView | null };
  answer<V>(command: keyof Commands, request: unknown, work: () => V): Promise<Result<V>>;
  refuse(code: T.ErrorCode, message: string): never;
  needOpen(): void;
};

type Names = 'noteDraftCreate' | 'noteDraftRead' | 'noteDraftUpdate' | 'noteDraftDelete' | 'noteSign' | 'noteCosign' | 'noteMarkInError' | 'unsignedNoteSearch';

const two = (value: number) => String(value).padStart(2, '0');
const clock = () => `${two(new Date().getHours())}:${two(new Date().getMinutes())}`;
const moment = () => `29-Nov-2026 ${clock()}`;

export function noteCommands({ mock, answer, refuse, needOpen }: Core): Pick<Commands, Names> {
  const onScreen = (request: { patientId: string; chartOnScreen: string }) => {
    needOpen();
    if (mock.written.onScreen !== request.patientId || request.chartOnScreen !== request.patientId)
      refuse('other-patient', 'this would have been written in another chart than the one on the screen, so nothing was stored; the refusal is on record');
  };
  const draft = (id: string): Draft =>
    mock.notes.drafts.find((one) => one.id === id && one.owner === mock.user?.id) ?? refuse('not-found', 'this draft is not there any more; it was signed or thrown away');
  const current = (request: { id: string; version: number }): Draft => {
    const found = draft(request.id);
    if (found.version !== request.version) refuse('version-conflict', 'this draft was changed elsewhere in the meantime');
    return found;
  };
  const needAuthentication = () => {
    if (!mock.notes.fresh) refuse('reauthentication-needed', 'this asks for your password and your second factor again');
    mock.notes.fresh = false;
  };
  const me = () => mock.user?.displayName ?? '';
  const put = (next: Draft) => {
    mock.notes.drafts = mock.notes.drafts.map((one) => (one.id === next.id ? next : one));
  };
  return {
    noteDraftCreate: (request) =>
      answer('noteDraftCreate', request, () => {
        onScreen(request);
        const original = mock.notes.signed.find((one) => one.id === request.follows?.id);
        const kind = original?.kind ?? request.kind;
        const prefix = request.follows?.relation === 'addendum' ? 'Addendum to: ' : request.follows ? 'Amendment of: ' : '';
        mock.notes.made += 1;
        const made: Draft = {
          id: `dr${mock.notes.made}`, version: 1, kind, title: `${prefix}${titles[kind]}`, follows: request.follows,
          sections: request.follows?.relation === 'addendum' ? [{ title: 'Addendum', text: '' }] : (original?.sections ?? sectionsOf(kind)),
          began: moment(), saved: moment(), cosigners: [{ id: 'u7', name: 'Dr I. MARCHETTI' }, { id: 'u8', name: 'Dr P. LAURENT' }], encounters: mock.notes.encounters,
          patientId: request.patientId, owner: mock.user?.id ?? '',
        };
        mock.notes.drafts = [...mock.notes.drafts, made];
        return view(made);
      }),
    noteDraftRead: (request) =>
      answer('noteDraftRead', request, () => {
        needOpen();
        return view(draft(request.id));
      }),
    noteDraftUpdate: (request) =>
      answer('noteDraftUpdate', request, () => {
        onScreen(request);
        const next = { ...current(request), version: request.version + 1, sections: request.sections, saved: moment() };
        put(next);
        return { version: next.version, saved: clock() };
      }),
    noteDraftDelete: (request) =>
      answer('noteDraftDelete', request, () => {
        onScreen(request);
        current(request);
        mock.notes.drafts = mock.notes.drafts.filter((one) => one.id !== request.id);
        return null;
      }),
    noteSign: (request) =>
      answer('noteSign', request, () => {
        onScreen(request);
        const { id, patientId, kind, title, sections, follows, cosigners, encounters } = current(request);
        if (sections.every((one) => one.text.trim() === '')) refuse('invalid', 'this note is empty; write something before you sign it');
        needAuthentication();
        mock.notes.drafts = mock.notes.drafts.filter((one) => one.id !== id);
        mock.notes.signed = [
          {
            id: `no-${id}`, patientId, kind, title, iso: '2026-11-29T10:42:00Z', when: moment(), author: me(), follows,
            sections: sections.filter((one) => one.text.trim() !== ''), signatures: [{ who: me(), when: moment(), cosigned: false, check: 'intact' }],
            wanted: cosigners.find((one) => one.id === request.cosigner) ?? null, error: null,
            encounter: encounters.find((one) => one.id === request.encounter)?.words ?? '',
          },
          ...mock.notes.signed,
        ];
        return { lines: [title] };
      }),
    noteCosign: (request) =>
      answer('noteCosign', request, () => {
        onScreen(request);
        const found = mock.notes.signed.find((one) => one.id === request.id && one.wanted?.id === mock.user?.id) ?? refuse('forbidden', 'nobody asked for your signature here');
        needAuthentication();
        const signature: T.NoteSignatureView = { who: me(), when: moment(), cosigned: true, check: 'intact' };
        mock.notes.signed = mock.notes.signed.map((one) => (one === found ? { ...one, wanted: null, signatures: [...one.signatures, signature] } : one));
        return { lines: [found.title] };
      }),
    noteMarkInError: (request) =>
      answer('noteMarkInError', request, () => {
        onScreen(request);
        const found = mock.notes.signed.find((one) => one.id === request.id && one.error === null) ?? refuse('invalid', 'this note was entered in error already');
        if (request.reason.trim() === '') refuse('invalid', 'say why this note was entered in error; whoever reads it is told');
        if ((markingOf(found, mock.user) ?? refuse('forbidden', 'this note is somebody else\u2019s')) !== request.whose) refuse('forbidden', 'this note is somebody else\u2019s than was said; read it again');
        needAuthentication();
        const error: T.NoteErrorView = { who: me(), when: moment(), reason: request.reason.trim(), check: 'intact' };
        mock.notes.signed = mock.notes.signed.map((one) => (one === found ? { ...one, wanted: null, error } : one));
        return { lines: [`${found.title}, marked as entered in error`] };
      }),
    unsignedNoteSearch: () =>
      answer('unsignedNoteSearch', null, () => {
        needOpen();
        const whose = (patientId: string) => patients.filter((one) => one.patientId === patientId);
        return {
          drafts: mock.notes.drafts.filter((one) => one.owner === mock.user?.id).flatMap(({ patientId, id, title, began, saved }) => whose(patientId).map((patient) => ({ patient, id, title, began, saved }))),
          cosign: mock.notes.signed.filter((one) => one.wanted?.id === mock.user?.id).flatMap((one) => whose(one.patientId).map((patient) => ({ patient, id: one.id, title: one.title, askedBy: one.author, asked: one.when }))),
        };
      }),
  };
}

function view({ id, version, kind, title, follows, sections, began, saved, cosigners, encounters }: Draft): T.NoteDraftView {
  return { id, version, kind, title, follows, sections, began, saved, cosigners, encounters };
}

/** The documents of a chart with the notes that were signed here, the user's drafts and templates. */
export function withNotes(content: T.SectionContent, patientId: string, notes: Notes, user: T.UserView | null): T.SectionContent {
  if (content.section !== 'documents') return content;
  const rows = notes.signed.filter((one) => one.patientId === patientId).map((one): T.DocumentRow => ({
    resourceType: 'Composition', id: one.id, title: one.title, when: { iso: one.iso, text: one.when }, author: one.author, status: counts(one) ? 'final' : 'entered-in-error', contentType: 'text/plain', readable: true, encounter: one.encounter ?? '',
  }));
  const drafts = notes.drafts.filter((one) => one.patientId === patientId && one.owner === user?.id).map(({ id, kind, title, began, saved }) => ({ id, kind, title, began, saved }));
  return { ...content, rows: [...rows, ...content.rows], drafts, templates: templatesOf(user?.role) };
}

/** A signed note as it is read; null where the id is none of one. */
export function noteDocument(id: string, notes: Notes, user: T.UserView | null): T.DocumentView | null {
  const note = notes.signed.find((one) => one.id === id);
  if (note === undefined) return null;
  const related = (one: Signed, relation: T.NoteRelation): T.RelatedNoteView => ({ id: one.id, relation, title: one.title, when: one.when, author: one.author, sections: one.sections, signatures: one.signatures, error: one.error });
  const original = notes.signed.find((one) => one.id === note.follows?.id);
  const followers = notes.signed.filter((one) => one.follows?.id === id).reverse();
  return {
    title: note.title, when: { iso: note.iso, text: note.when }, author: note.author, unreadable: null, encounter: note.encounter ?? '',
    text: note.sections.map((one) => `${one.title}\n${one.text}`).join('\n\n'),
    parts: [],
    note: {
      sections: note.sections, signatures: note.signatures, wanted: note.wanted,
      error: note.error, requests: [],
      mayCosign: counts(note) && note.wanted !== null && note.wanted.id === user?.id,
      mayFollow: counts(note) && templatesOf(user?.role).length > 0,
      mayMark: counts(note) ? markingOf(note, user) : null,
      original: original === undefined || note.follows === null ? null : related(original, note.follows.relation),
      changes: original !== undefined && note.follows?.relation === 'amendment' ? lineChanges(lines(original), lines(note)) : [],
      followers: followers.flatMap((one) => (one.follows === null ? [] : [related(one, one.follows.relation)])),
    },
  };
}

const counts = (note: Signed) => note.error?.check !== 'intact';

/** As whose note the user may mark it. */
function markingOf(note: Signed, user: T.UserView | null): T.NoteMarking | null {
  if (note.author === user?.displayName) return 'own';
  return user?.role === 'physician' ? 'another' : null;
}

const lines = (note: Signed) => note.sections.flatMap((one) => [one.title, ...one.text.split('\n')]);

/** By the longest common subsequence. */
function lineChanges(before: string[], after: string[]): T.LineChange[] {
  const [first, ...rest] = before;
  const [next, ...later] = after;
  if (first === undefined) return after.map((line) => ({ change: 'added', line }));
  if (next === undefined) return before.map((line) => ({ change: 'removed', line }));
  if (first === next) return [{ change: 'kept', line: first }, ...lineChanges(rest, later)];
  if (!later.includes(first)) return [{ change: 'removed', line: first }, ...lineChanges(rest, after)];
  return [{ change: 'added', line: next }, ...lineChanges(before, later)];
}
