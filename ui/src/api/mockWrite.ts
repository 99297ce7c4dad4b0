// Writing in the invented core: what is written is kept until the next reset, the chart on the screen is looked at, versions are counted.
import type { Commands, Result } from './contract';
import { createEntry, noEntries, stepEntry, withEntries, type Entries } from './mockEntry';
import type * as T from './types';

export type Written = { onScreen: string | null; problems: T.ProblemRow[]; allergies: T.AllergyRow[]; noneKnown: boolean; refuted: Record<string, string>; entries: Entries };

export const nothingWritten = (): Written => ({ onScreen: null, problems: [], allergies: [], noneKnown: false, refuted: {}, entries: noEntries() });

type Core = {
  mock: { written: Written };
  answer<V>(command: keyof Commands, request: unknown, work: () => V): Promise<Result<V>>;
  refuse(code: T.ErrorCode, message: string): never;
  needOpen(): void;
};

type WriteCommands = Pick<
  Commands,
  | 'chartShow'
  | 'vitalSignsCreate'
  | 'vitalSignCorrect'
  | 'conditionCreate'
  | 'conditionUpdate'
  | 'allergyIntoleranceCreate'
  | 'noKnownAllergyCreate'
  | 'allergyIntoleranceUpdate'
  | 'entryCreate'
  | 'entryUpdate'
  | 'resourceHistoryRead'
  | 'resourceRestore'
  | 'writeUndo'
>;

/** Who writes what, as the policies of the core say. */
export const writtenBy = (role?: T.Role): T.Section[] => (role === undefined ? [] : (sectionsOf[role] ?? []));

const sectionsOf: Partial<Record<T.Role, T.Section[]>> = {
  physician: ['problems', 'allergies', 'medications', 'vitals', 'immunizations', 'encounters', 'procedures', 'documents', 'care-plans', 'care-team', 'family-history', 'social-history', 'devices', 'flags', 'amendments'],
  nurse: ['allergies', 'medications', 'vitals', 'immunizations', 'encounters', 'documents', 'care-plans', 'care-team', 'family-history', 'social-history', 'flags', 'amendments'],
  'front-desk': ['encounters', 'amendments'],
  pharmacist: ['allergies', 'medications', 'immunizations', 'documents'],
};

const recorded: T.When = { iso: '2026-11-22T10:42:00+01:00', text: '22-Nov-2026 10:42' };
const unknown: T.When = { iso: '', text: 'Not known' };

export function writeCommands({ mock, answer, refuse, needOpen }: Core): WriteCommands {
  const write = <R extends { patientId: string; chartOnScreen: string }>(command: keyof Commands, request: R, work: (written: Written) => string[]) =>
    answer(command, request, () => {
      needOpen();
      const { written } = mock;
      if (written.onScreen !== request.patientId || request.chartOnScreen !== request.patientId)
        refuse('other-patient', 'this would have been written in another chart than the one on the screen, so nothing was stored; the refusal is on record');
      return { lines: work(written) };
    });
  const id = (rows: unknown[], prefix: string) => `${prefix}${rows.length + 1}`;
  return {
    chartShow: (request) =>
      answer('chartShow', request, () => {
        needOpen();
        mock.written.onScreen = request.patientId;
        return null;
      }),
    vitalSignsCreate: (request) => write('vitalSignsCreate', request, () => request.entries.map((entry) => `${entry.sign} ${entry.value} ${entry.unit}`)),
    vitalSignCorrect: (request) => write('vitalSignCorrect', request, () => ['Marked as entered in error']),
    conditionCreate: (request) =>
      write('conditionCreate', request, (written) => {
        const row: T.ProblemRow = {
          id: id(written.problems, 'new-problem-'), version: 1, name: request.text, code: '', clinicalStatus: 'active', active: true, verificationStatus: 'confirmed',
          category: 'problem-list-item', severity: '', onset: request.onset === '' ? unknown : { iso: request.onset, text: request.onset }, abatement: unknown, note: request.note,
        };
        written.problems = [row, ...written.problems];
        return [request.text];
      }),
    conditionUpdate: (request) => write('conditionUpdate', request, (written) => changed(written, request)),
    allergyIntoleranceCreate: (request) =>
      write('allergyIntoleranceCreate', request, (written) => {
        const row: T.AllergyRow = {
          id: id(written.allergies, 'new-allergy-'), version: 1, agent: request.agent, code: '', category: '', kind: '', criticality: request.criticality ?? '',
          reactions: request.reaction === '' ? [] : [request.reaction], clinicalStatus: 'active', verificationStatus: 'confirmed', recorded,
        };
        written.allergies = [row, ...written.allergies];
        written.noneKnown = false;
        return [request.agent];
      }),
    noKnownAllergyCreate: (request) =>
      write('noKnownAllergyCreate', request, (written) => {
        written.noneKnown = true;
        return ['No known allergies'];
      }),
    allergyIntoleranceUpdate: (request) => write('allergyIntoleranceUpdate', request, (written) => changed(written, request)),
    entryCreate: (request) => write('entryCreate', request, (written) => createEntry(written.entries, request, refuse)),
    entryUpdate: (request) => write('entryUpdate', request, (written) => stepEntry(written.entries, request, refuse)),
    resourceHistoryRead: (request) =>
      answer('resourceHistoryRead', request, () => {
        needOpen();
        return {
          versions: [
            { version: 2, at: '22-Nov-2026 10:42', who: 'Dr A. OKAFOR', role: 'physician', changes: [{ element: 'clinicalStatus.coding[0].code', before: 'active', after: 'resolved' }], unreadable: null },
            { version: 1, at: 'Not known', who: 'An import', role: '', changes: [], unreadable: null },
          ],
          closed: [],
        };
      }),
    resourceRestore: (request) => write('resourceRestore', request, () => [`Version ${request.restore} restored`]),
    writeUndo: (request) => write('writeUndo', request, () => ['Taken back']),
  };
}

function changed(written: Written, request: { id: string; change: T.EntryChange }): string[] {
  written.refuted[request.id] = request.change;
  return [request.change];
}

/** A section with what was written in it. */
export function withWritten(content: T.SectionContent, written: Written): T.SectionContent {
  const after = <R extends { id: string; clinicalStatus: string; verificationStatus: string }>(row: R): R => {
    const change = written.refuted[row.id];
    if (change === 'resolve') return { ...row, clinicalStatus: 'resolved' };
    if (change === 'enter-in-error') return { ...row, verificationStatus: 'entered-in-error' };
    return change === 'refute' ? { ...row, verificationStatus: 'refuted' } : row;
  };
  if (content.section === 'problems') return { ...content, rows: [...written.problems, ...content.rows].map(after) };
  if (content.section === 'allergies') return { ...content, rows: [...written.allergies, ...content.rows].map(after) };
  return withEntries(content, written.entries);
}
