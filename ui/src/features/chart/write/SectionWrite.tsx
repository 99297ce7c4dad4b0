// Where the user writes in a section, the line for it stands above the list.
import type { SectionContent } from '@/api/types';
import { RecordForm } from '../amendment/RecordForm';
import { AllergyForm } from './AllergyForm';
import { EntryForm } from './EntryForm';
import { kindOn } from './entryKinds';
import { ProblemForm } from './ProblemForm';
import { VitalSignsForm } from './VitalSignsForm';
import { useWrites } from './whose';

export function SectionWrite({ content }: { content: SectionContent }) {
  const whose = useWrites(content.section);
  if (whose === null) return null;
  const { patientId, name } = whose;
  const kind = kindOn(content.section);
  if (kind !== null) return <EntryForm patientId={patientId} name={name} kind={kind} />;
  if (content.section === 'amendments') return <RecordForm patientId={patientId} name={name} notes={content.notes} />;
  if (content.section === 'vitals') return <VitalSignsForm patientId={patientId} name={name} />;
  if (content.section === 'problems') return <ProblemForm patientId={patientId} name={name} />;
  return content.section === 'allergies' ? <AllergyForm patientId={patientId} name={name} banner={content.banner} /> : null;
}
