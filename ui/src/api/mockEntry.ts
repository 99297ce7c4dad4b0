// Entries in words in the invented core: what was added and what was done with it, until the next reset.
import { colleagues } from './mockChart';
import type * as T from './types';

export type Entries = { created: T.EntryCreateRequest[]; steps: Record<string, T.EntryStep[]>; edits: Record<string, T.EntryEdit> };

export const noEntries = (): Entries => ({ created: [], steps: {}, edits: {} });

type Refuse = (code: T.ErrorCode, message: string) => never;

export function createEntry(entries: Entries, request: T.EntryCreateRequest, refuse: Refuse): string[] {
  if ((request.relative === null) === (request.kind === 'family-history')) refuse('invalid', 'a family history names the relative, and nothing else does');
  if (request.udi !== null && !request.udi.startsWith('(01)')) refuse('invalid', 'this UDI cannot be taken apart: at character 1, it begins neither with (01) for GS1, nor with + for HIBCC, nor with =/ or =) for ICCBBA');
  entries.created = [...entries.created, request];
  return [request.kind === 'social-history' ? `${request.text}: ${request.detail}` : request.text];
}

export function stepEntry(entries: Entries, request: T.EntryUpdateRequest, refuse: Refuse): string[] {
  const steps = entries.steps[request.id] ?? [];
  if (request.version !== steps.length + 1) refuse('version-conflict', 'this entry was changed in the meantime, so nothing was stored; read the chart again');
  if (request.step === 'end' && ended[request.kind] === null) refuse('invalid', 'nothing of this kind ends');
  entries.steps[request.id] = [...steps, request.step];
  if (request.edit !== null) entries.edits[request.id] = request.edit;
  const done: Record<T.EntryStep, string> = { edit: 'Changed', end: ended[request.kind] ?? '', resume: 'In use again', 'enter-in-error': 'Marked as entered in error' };
  return [done[request.step]];
}

/** The status that each kind has once it is over; none for what is over when it is written. */
const ended: Record<T.EntryKind, string | null> = { medicine: 'stopped', immunization: null, procedure: null, 'family-history': null, device: 'inactive', goal: 'completed', flag: 'inactive', encounter: 'finished', 'social-history': null, 'care-team-member': 'inactive' };

const types: Record<string, T.EntryKind> = {
  MedicationStatement: 'medicine', Immunization: 'immunization', Procedure: 'procedure', FamilyMemberHistory: 'family-history', Device: 'device', Goal: 'goal', Flag: 'flag', Encounter: 'encounter', Observation: 'social-history', CareTeam: 'care-team-member',
};
const sections: Partial<Record<T.Section, T.EntryKind>> = {
  medications: 'medicine', immunizations: 'immunization', procedures: 'procedure', 'family-history': 'family-history', devices: 'device', 'care-plans': 'goal', flags: 'flag', encounters: 'encounter', 'social-history': 'social-history', 'care-team': 'care-team-member',
};

const today: T.When = { iso: '2026-11-22', text: '22-Nov-2026' };
const unknown: T.When = { iso: '', text: 'Not known' };
const on = (day: string): T.When => (day === '' ? unknown : { iso: day, text: day });
const labelled = (label: string, value: string) => (value === '' ? '' : `${label} ${value}`);
const list = (...parts: string[]) => parts.filter((part) => part !== '').join(', ');

/** A page with what was added to it, and with what was done with its rows. */
export function withEntries(content: T.SectionContent, entries: Entries): T.SectionContent {
  const kind = sections[content.section];
  const added = entries.created.flatMap((one, index) => (one.kind === kind ? [{ one, id: `new-entry-${index + 1}` }] : [])).reverse();
  if (content.section === 'medications') return { ...content, rows: [...added.map(({ one, id }) => medicine(one, id)), ...content.rows].map((row) => after(row, entries)) };
  if (content.section === 'encounters')
    return { ...content, rows: [...added.map(({ one, id }) => encounter(one, id)), ...content.rows].map((row) => after({ ...row, resourceType: 'Encounter' }, entries)) };
  if (content.section === 'immunizations' || content.section === 'procedures' || content.section === 'family-history' || content.section === 'devices' || content.section === 'care-plans' || content.section === 'flags' || content.section === 'social-history')
    return { ...content, rows: [...added.map(({ one, id }) => plain(one, id)), ...content.rows].map((row) => after(row, entries)) };
  if (content.section === 'care-team') return { ...content, rows: [...added.map(({ one, id }) => member(one, id)), ...content.rows].map((row) => after({ ...row, resourceType: 'CareTeam' }, entries)) };
  return content;
}

function after<R extends { id: string; resourceType: string; version: number; status: string }>(row: R, entries: Entries): R {
  const kind = types[row.resourceType];
  const steps = entries.steps[row.id] ?? [];
  const last = steps.at(-1);
  if (kind === undefined || last === undefined) return row;
  const version = row.version + steps.length;
  if (last === 'edit') return edited({ ...row, version }, entries.edits[row.id]);
  if (last === 'resume') return { ...row, status: 'active', version };
  const status = last === 'enter-in-error' ? 'entered-in-error' : (ended[kind] ?? row.status);
  return { ...row, status, version, ...('active' in row ? { active: false } : {}) };
}

/** What is left empty stays as it is. */
function edited<R extends object>(row: R, edit: T.EntryEdit | undefined): R {
  if (edit === undefined) return row;
  const found = edit.social === null ? edit.detail : edit.social;
  return {
    ...row,
    ...('title' in row && edit.text !== '' ? { title: edit.text } : {}),
    ...('name' in row && edit.text !== '' ? { name: edit.text } : {}),
    ...('role' in row && edit.detail !== '' ? { role: edit.detail } : 'detail' in row && found !== '' ? { detail: found } : {}),
    ...(edit.code === null ? {} : { code: `${edit.code.code} ${edit.code.system}` }),
  };
}

const member = (one: T.EntryCreateRequest, id: string): T.CareTeamRow => {
  const colleague = colleagues.find((known) => known.id === one.member);
  return { id, version: 1, place: 0, member: colleague?.name ?? one.text, role: one.detail === '' ? (colleague?.role ?? '') : one.detail, team: '', start: one.day === '' ? today : on(one.day), end: unknown, status: 'active', note: one.note, alone: true };
};

const medicine = (one: T.EntryCreateRequest, id: string): T.MedicationRow => ({
  resourceType: 'MedicationStatement', id, version: 1, name: one.text, parts: null, code: '', dose: '', route: '', frequency: '', text: one.detail,
  status: 'active', active: true, intent: '', when: on(one.day), requester: 'Dr A. OKAFOR', reason: '', note: one.note,
});

const encounter = (one: T.EntryCreateRequest, id: string): T.EncounterRow => ({
  id, version: 1, start: one.day === '' ? today : on(one.day), end: unknown, kind: one.class ?? '', class: one.class ?? '', reason: one.text, practitioner: 'Dr A. OKAFOR', place: '', status: 'in-progress',
});

function plain(one: T.EntryCreateRequest, id: string): T.PlainRow {
  const row = { id, version: 1, code: '', title: one.text, when: on(one.day), status: 'completed', detail: one.note, facts: [] };
  switch (one.kind) {
    case 'immunization':
      return { ...row, resourceType: 'Immunization', detail: list(labelled('lot', one.detail), one.note) };
    case 'family-history': {
      const relative = one.relative ?? '';
      const age = labelled('at age', one.detail);
      return { ...row, resourceType: 'FamilyMemberHistory', title: relative.charAt(0).toUpperCase() + relative.slice(1), when: today, detail: list(age === '' ? one.text : `${one.text} (${age})`, one.note) };
    }
    case 'device':
      return { ...row, resourceType: 'Device', when: unknown, status: 'active', detail: list(labelled('UDI', one.udi ?? ''), labelled('serial', one.detail), labelled('made', one.day), one.note) };
    case 'social-history':
      return { ...row, resourceType: 'Observation', title: one.social === 'other' ? one.text : (one.social ?? ''), when: one.day === '' ? today : row.when, status: 'final', detail: list(one.detail === '' ? (one.social ?? '') : one.detail, one.note) };
    case 'goal':
      return { ...row, resourceType: 'Goal', title: `Goal ${one.text}`, when: today, status: 'active', detail: list(labelled('target by', one.day), one.note) };
    case 'flag':
      return { ...row, resourceType: 'Flag', title: one.text === '' ? (one.flag ?? '') : one.text, when: one.day === '' ? today : row.when, status: 'active' };
    case 'care-team-member':
    case 'encounter':
    case 'medicine':
    case 'procedure':
      return { ...row, resourceType: 'Procedure', detail: list(labelled('at', one.detail), one.note) };
  }
}
