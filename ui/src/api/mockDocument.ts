// A document from elsewhere in the invented core: one that is this patient's, and one that is somebody else's (its path says which).
import type { Commands, Result } from './contract';
import { patients } from './mockChart';
import type * as T from './types';

export type Documents = { open: T.DocumentReviewView | null; taken: T.DocumentTakeRequest[] };

export const noDocuments = (): Documents => ({ open: null, taken: [] });

type Core = {
  mock: { documents: Documents; written: { onScreen: string | null } };
  answer<V>(command: keyof Commands, request: unknown, work: () => V): Promise<Result<V>>;
  refuse(code: T.ErrorCode, message: string): never;
  needOpen(): void;
};

type Names = 'documentChoose' | 'documentReview' | 'documentProgressRead' | 'documentCancel' | 'documentTake';

const span = (text: string, ...styles: T.Style[]): T.Span => ({ text, styles });
const paragraph = (...spans: T.Span[]): T.Block => ({ kind: 'paragraph', spans });
const cell = (text: string, head = false): T.Cell => ({ head, columns: 1, rows: 1, blocks: text === '' ? [] : [paragraph(span(text))] });
const entry = (number: number, section: T.Section, title: string, more: Partial<T.ReviewEntry> = {}): T.ReviewEntry => ({
  number, section, title, when: '', status: '', facts: [], remarks: [], standing: 'new', why: '', ...more,
});
const part = (title: string, narrative: T.Block[], entries: T.ReviewEntry[], left: T.ReviewLeft[] = []): T.ReviewSection => ({ title, depth: 0, authors: [], narrative, entries, left });

function review(path: string, name: string): T.DocumentReviewView {
  const other = path.includes('other');
  const verdict = other ? 'different' : 'same';
  return {
    review: path, title: 'Summary of care, Lakeside Clinic', kind: 'Summarization of Episode Note', written: '15-Sep-2026 10:30', authors: ['Dr Ruth Calder'], custodian: 'Lakeside Clinic', known: null, stored: false,
    identity: {
      agrees: !other,
      words: other ? 'This document is about somebody else, as far as it says: name and birth date differ.' : 'The document is about this patient: name, birth date and sex agree.',
      rows: [
        { what: 'Name', document: other ? 'BRANDEIS, Otto' : name, chart: name, verdict },
        { what: 'Birth date', document: other ? '01-Jan-1931' : '14-Jul-1945', chart: '14-Jul-1945', verdict },
        { what: 'Sex', document: 'female', chart: 'female', verdict: 'same' },
        { what: 'Identifiers', document: '998991', chart: 'Not known', verdict: 'unknown' },
      ],
    },
    sections: [
      part(
        'Allergies',
        [{ kind: 'table', head: [{ cells: [cell('Substance', true), cell('Reaction', true)] }], body: [{ cells: [cell('Penicillin G'), cell('Hives')] }] }],
        [entry(0, 'allergies', 'Penicillin G', { when: '2008', status: 'active', facts: [{ what: 'Reaction', words: 'Hives (moderate)' }], standing: 'known', why: 'Already there: Penicillin, 2008' })],
        [{ what: 'No known allergy to Latex', why: 'that somebody is not allergic to one substance is no entry of the allergy list here' }],
      ),
      part('Problems', [paragraph(span('Pneumonia', 'bold'), span(', resolved'))], [
        entry(1, 'problems', 'Pneumonia', { when: 'Aug-2012', status: 'resolved', remarks: ['\u201cAlive and well\u201d stays in the document: it has no place in this kind of entry'] }),
        entry(2, 'problems', 'Type 2 diabetes', { when: '2015', status: 'active' }),
      ]),
      part('Results', [], [entry(3, 'results', 'CBC panel', { standing: 'closed', why: 'Your role does not write entries of this kind; it stays in the document' })]),
      part('Progress note', [paragraph(span('Feels well.'))], []),
    ],
  };
}

export function documentCommands({ mock, answer, refuse, needOpen }: Core): Pick<Commands, Names> {
  const onScreen = (request: { patientId: string; chartOnScreen: string }) => {
    needOpen();
    if (mock.written.onScreen !== request.patientId || request.chartOnScreen !== request.patientId)
      refuse('other-patient', 'this would have been written in another chart than the one on the screen, so nothing was stored; the refusal is on record');
  };
  return {
    documentChoose: (request) =>
      answer('documentChoose', request, () => {
        onScreen(request);
        return '/media/usb/summary.xml';
      }),
    documentReview: (request) =>
      answer('documentReview', request, () => {
        onScreen(request);
        if (request.path.includes('damaged')) refuse('invalid', 'the file is no well-formed XML: it breaks off or is damaged near byte 512; ask for it again from where it came');
        mock.documents.open = review(request.path, patients.find((row) => row.patientId === request.patientId)?.name ?? '');
        return mock.documents.open;
      }),
    documentProgressRead: () => answer('documentProgressRead', null, () => null),
    documentCancel: () =>
      answer('documentCancel', null, () => {
        mock.documents.open = null;
        return null;
      }),
    documentTake: (request) =>
      answer('documentTake', request, () => {
        onScreen(request);
        const open = mock.documents.open;
        if (open === null || open.review !== request.review) return refuse('not-found', 'this document is not open any more, and nothing was stored; open it again');
        if (!open.identity.agrees && request.reason === '') refuse('invalid', open.identity.words);
        mock.documents.taken = [...mock.documents.taken, request];
        mock.documents.open = null;
        return { lines: [`${request.taken.length === 1 ? '1 entry' : `${request.taken.length} entries`} added, document stored`] };
      }),
  };
}
