// What the notes of the invented core begin with, and which of them it holds. No value here is medical advice or a real person's.
import type * as T from './types';

export const titles: Record<T.NoteKind, string> = {
  progress: 'Progress note',
  soap: 'SOAP note',
  'history-and-physical': 'History and physical',
  discharge: 'Discharge summary',
  nursing: 'Nurse note',
  telephone: 'Telephone note',
};

const problems = '- Diabetes mellitus type 2\n- Essential hypertension';
const allergies = '- penicillin (anaphylaxis)\n- latex (rash)';
const medicines = '- metFORMIN 500 mg oral tablet, 2 times per day\n- lisinopril 10 mg oral tablet, once per day';
const vitals = 'Blood pressure 128 / 78 mmHg, heart rate 76 /min (02-Nov-2026 08:30)';

const template: Record<T.NoteKind, [title: string, text: string][]> = {
  progress: [['Since the last visit', ''], ['Findings', vitals], ['Problems', problems], ['Assessment and plan', '']],
  soap: [['Subjective', ''], ['Objective', vitals], ['Assessment', problems], ['Plan', '']],
  'history-and-physical': [['Chief complaint', ''], ['History', ''], ['Problems', problems], ['Allergies', allergies], ['Medicines', medicines], ['Examination', vitals], ['Assessment and plan', '']],
  discharge: [['Reason for the stay', ''], ['Course', ''], ['Problems', problems], ['Medicines', medicines], ['Instructions', ''], ['Follow-up', '']],
  nursing: [['Observations', vitals], ['Care given', ''], ['To be watched', '']],
  telephone: [['Who called, and why', ''], ['Advice given', ''], ['Follow-up', '']],
};

export const sectionsOf = (kind: T.NoteKind): T.NoteSection[] => template[kind].map(([title, text]) => ({ title, text }));

/** Which templates a role begins with. */
export function templatesOf(role?: T.Role): T.NoteTemplateView[] {
  const kinds: Partial<Record<T.Role, T.NoteKind[]>> = {
    physician: ['progress', 'soap', 'history-and-physical', 'discharge', 'nursing', 'telephone'],
    nurse: ['nursing', 'telephone'],
    pharmacist: ['progress', 'telephone'],
  };
  return (role === undefined ? [] : (kinds[role] ?? [])).map((kind) => ({ kind, title: titles[kind] }));
}

export type Signed = {
  id: string;
  patientId: string;
  kind: T.NoteKind;
  title: string;
  iso: string;
  when: string;
  author: string;
  sections: T.NoteSection[];
  signatures: T.NoteSignatureView[];
  follows: T.NoteFollows | null;
  wanted: T.CosignerView | null;
  error: T.NoteErrorView | null;
  /** In words; missing where it belongs to none. */
  encounter?: string;
};

const signature = (who: string, when: string, check: T.SignatureCheck = 'intact', cosigned = false): T.NoteSignatureView => ({ who, when, cosigned, check });

/** Notes of one chart: one that waits for a second signature, one that was amended and added to, one that was changed since, one of a stranger, one in
 *  the wrong chart. */
export function inventedNotes(): Signed[] {
  const note = (id: string, kind: T.NoteKind, day: string, author: string, texts: [string, string][], rest: Partial<Signed> = {}): Signed => ({
    id, patientId: 'p0', kind, title: titles[kind], iso: `2026-11-${day}T10:42:00Z`, when: `${day}-Nov-2026 10:42`, author,
    sections: texts.map(([title, text]) => ({ title, text })), signatures: [signature(author, `${day}-Nov-2026 10:42`)], follows: null, wanted: null, error: null, ...rest,
  });
  const history: [string, string][] = [
    ['Chief complaint', 'Chest tightness on climbing stairs for two weeks.'],
    ['History', 'Known diabetes and hypertension. No syncope.\nNever smoked.'],
    ['Assessment and plan', 'Stable angina is likely.\n- ECG today\n- aspirin 100 mg once per day\n- back in one week'],
  ];
  return [
    note('no1', 'progress', '28', 'Dr I. MARCHETTI', [['Since the last visit', 'Slept well, no pain.'], ['Assessment and plan', 'Home tomorrow.']], { wanted: { id: 'u1', name: 'Dr A. OKAFOR' } }),
    note('no4', 'nursing', '27', 'M. LINDQVIST', [['Observations', 'Walked the corridor twice without tightness.']], {
      title: 'Addendum to: History and physical', follows: { id: 'no2', relation: 'addendum' },
    }),
    note('no3', 'history-and-physical', '26', 'Dr A. OKAFOR', [
      ['Chief complaint', 'Chest tightness on climbing stairs for two weeks.'],
      ['History', 'Known diabetes and hypertension. No syncope.\nSmoked until 2009.'],
      ['Assessment and plan', 'Stable angina is likely.\n- ECG today\n- aspirin 75 mg once per day\n- back in one week'],
    ], { title: 'Amendment of: History and physical', follows: { id: 'no2', relation: 'amendment' } }),
    note('no2', 'history-and-physical', '25', 'Dr A. OKAFOR', history, {
      signatures: [signature('Dr A. OKAFOR', '25-Nov-2026 10:42'), signature('Dr I. MARCHETTI', '25-Nov-2026 16:05', 'intact', true)],
    }),
    note('no5', 'nursing', '24', 'M. LINDQVIST', [['Care given', 'Dressing changed.']], { signatures: [signature('M. LINDQVIST', '24-Nov-2026 10:42', 'broken')] }),
    note('no7', 'telephone', '22', 'Dr P. LAURENT', [['Who called, and why', 'Son asks for a sick note.']], {
      error: { who: 'Dr P. LAURENT', when: '22-Nov-2026 11:02', reason: 'The son of somebody else called', check: 'intact' },
    }),
    note('no6', 'telephone', '23', 'Dr P. LAURENT', [['Who called, and why', 'Daughter asks for the discharge date.']], { signatures: [signature('Dr P. LAURENT', '23-Nov-2026 10:42', 'not-known')] }),
  ];
}
