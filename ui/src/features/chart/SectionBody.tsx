// Which screen shows which content.
import type { Section, SectionContent } from '@/api/types';
import { Access } from './sections/Access';
import { Allergies } from './sections/Allergies';
import { Amendments } from './sections/Amendments';
import { CarePlans } from './sections/CarePlans';
import { CareTeam } from './sections/CareTeam';
import { Coverage } from './sections/Coverage';
import { Devices } from './sections/Devices';
import { Documents } from './sections/Documents';
import { Encounters } from './sections/Encounters';
import { FamilyHistory } from './sections/FamilyHistory';
import { Flags } from './sections/Flags';
import { Immunizations } from './sections/Immunizations';
import { Medications } from './sections/Medications';
import { Other } from './sections/Other';
import { Problems } from './sections/Problems';
import { Procedures } from './sections/Procedures';
import { Results } from './sections/Results';
import { SocialHistory } from './sections/SocialHistory';
import { Summary } from './sections/Summary';
import { Timeline } from './sections/Timeline';
import { Vitals } from './sections/Vitals';

/** `closed`: what of these records the role does not see, in words. */
type SectionBodyProps = { patientId: string; content: SectionContent; closed: readonly string[]; onSection(section: Section): void };

export function SectionBody({ patientId, content, closed, onSection }: SectionBodyProps) {
  switch (content.section) {
    case 'summary':
      return <Summary patientId={patientId} content={content} onSection={onSection} />;
    case 'timeline':
      return <Timeline patientId={patientId} rows={content.rows} />;
    case 'problems':
      return <Problems patientId={patientId} rows={content.rows} />;
    case 'allergies':
      return <Allergies patientId={patientId} banner={content.banner} rows={content.rows} />;
    case 'medications':
      return <Medications patientId={patientId} rows={content.rows} />;
    case 'vitals':
      return <Vitals patientId={patientId} groups={content.groups} warning={content.warning} unloaded={content.unloaded} />;
    case 'results':
      return <Results patientId={patientId} groups={content.groups} reports={content.reports} unloaded={content.unloaded} />;
    case 'immunizations':
      return <Immunizations patientId={patientId} rows={content.rows} />;
    case 'encounters':
      return <Encounters patientId={patientId} rows={content.rows} closed={closed} />;
    case 'procedures':
      return <Procedures patientId={patientId} rows={content.rows} />;
    case 'documents':
      return <Documents patientId={patientId} content={content} />;
    case 'care-plans':
      return <CarePlans patientId={patientId} rows={content.rows} />;
    case 'care-team':
      return <CareTeam patientId={patientId} rows={content.rows} />;
    case 'family-history':
      return <FamilyHistory patientId={patientId} rows={content.rows} />;
    case 'social-history':
      return <SocialHistory patientId={patientId} rows={content.rows} />;
    case 'devices':
      return <Devices patientId={patientId} rows={content.rows} />;
    case 'flags':
      return <Flags patientId={patientId} rows={content.rows} />;
    case 'coverage':
      return <Coverage patientId={patientId} rows={content.rows} />;
    case 'amendments':
      return <Amendments patientId={patientId} content={content} />;
    case 'other':
      return <Other patientId={patientId} rows={content.rows} />;
    case 'access':
      return <Access rows={content.rows} />;
  }
}

/** The allergy section has something to say even without rows, and so has that of notes; the summary says what is missing in each of its parts. */
export function isEmpty(content: SectionContent): boolean {
  if (content.section === 'summary' || content.section === 'allergies') return false;
  // Whoever writes notes begins them there, and says itself that there is none.
  if (content.section === 'documents') return content.rows.length === 0 && content.drafts.length === 0 && content.templates.length === 0;
  if (content.section === 'vitals') return content.groups.length === 0;
  if (content.section === 'results') return content.groups.length === 0 && content.reports.length === 0;
  return content.rows.length === 0;
}
