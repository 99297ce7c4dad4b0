// Where the user writes in a section, the line for it stands above the list.
import { t } from '@lingui/core/macro';
import type { EncounterRow, SectionContent } from '@/api/types';
import { moment } from '@/lib/language/moment';
import { RecordForm } from '../amendment/RecordForm';
import { AllergyForm } from './AllergyForm';
import { CareTeamForm } from './CareTeamForm';
import { EntryForm } from './EntryForm';
import { goesOn, kindOn } from './entryKinds';
import { ProblemForm } from './ProblemForm';
import { VitalSignsForm } from './VitalSignsForm';
import { useWrites } from './whose';

export function SectionWrite({ content }: { content: SectionContent }) {
  const whose = useWrites(content.section);
  if (whose === null) return null;
  const { patientId, name } = whose;
  const kind = kindOn(content.section);
  if (kind !== null) return <EntryForm patientId={patientId} name={name} kind={kind} {...(content.section === 'encounters' ? { warning: openBeside(content.rows), colleagues: content.colleagues } : {})} />;
  if (content.section === 'care-team') return <CareTeamForm patientId={patientId} name={name} colleagues={content.colleagues} />;
  if (content.section === 'amendments') return <RecordForm patientId={patientId} name={name} notes={content.notes} />;
  if (content.section === 'vitals') return <VitalSignsForm patientId={patientId} name={name} />;
  if (content.section === 'problems') return <ProblemForm patientId={patientId} name={name} />;
  return content.section === 'allergies' ? <AllergyForm patientId={patientId} name={name} banner={content.banner} /> : null;
}

/** One open encounter of a class is enough; a second one is said, not refused. The class of a row begins with the word of the choice. */
const openBeside = (rows: readonly EncounterRow[]) => (chosen: string) => {
  const open = chosen === '' ? undefined : rows.find((row) => goesOn(row.status) && row.class.startsWith(chosen.replace('-', ' ')));
  return open === undefined ? undefined : t`An encounter of this class is open since ${moment(open.start.text)}. Close it if it is over.`;
};
