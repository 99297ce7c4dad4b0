// What matters first: what the patient has and takes on one side, how it is going on the other.
import { t } from '@lingui/core/macro';
import { useKept } from '@/lib/kept';
import type { EncounterRow, MedicationRow, ObservationGroup, PlainRow, ProblemRow, Section, SummaryContent } from '@/api/types';
import { AllergyState } from '../AllergyState';
import { DetailPane } from '../DetailPane';
import type { Column } from '../grid/column';
import { MedicationLine } from '../MedicationLine';
import { inWords, Quiet, Under, WhenText } from '../Quiet';
import { SeriesPanel } from '../SeriesPanel';
import { medicationKey, medicationText } from './Medications';
import { observationColumns, observationKey, observationText } from './observations';
import { plainKey } from './PlainList';
import { problemKey, problemText, ProblemName } from './Problems';
import classes from './Summary.module.css';
import { SummaryBlock } from './SummaryBlock';

type SummaryProps = { patientId: string; content: SummaryContent; onSection(section: Section): void };

export function Summary({ patientId, content, onSection }: SummaryProps) {
  const [plottedKey, setPlottedKey] = useKept<string | null>('plotted', null);
  const plotted = [...content.vitals, ...content.results].find((group) => group.key === plottedKey) ?? null;
  const setPlotted = (group: ObservationGroup | null) => setPlottedKey(group?.key ?? null);
  const block = { onSection };
  return (
    <div id="summary" data-scrolls className={classes.summary}>
      <div className={classes.column}>
        <SummaryBlock {...block} section="problems" title={t`Active problems`} rows={content.problems} columns={problems} rowKey={problemKey} searchText={problemText} none={t`No active problem recorded`} />
        <SummaryBlock {...block} section="medications" title={t`Active medicines`} rows={content.medications} columns={medicines} rowKey={medicationKey} searchText={medicationText} none={t`No active medicine recorded`} />
        <SummaryBlock {...block} section="care-plans" title={t`Active care plans`} rows={content.carePlans} columns={plans} rowKey={plainKey} searchText={(row) => row.title} none={t`No active care plan recorded`} />
        <SummaryBlock {...block} section="social-history" title={t`Social history`} rows={content.socialHistory} columns={lived} rowKey={plainKey} searchText={(row) => row.title} none={t`No social history recorded`} />
        <SummaryBlock {...block} section="encounters" title={t`Latest encounters`} rows={content.encounters} columns={encounters} rowKey={(row) => row.id} searchText={(row) => row.kind} none={t`No encounter recorded`} />
      </div>
      <div className={classes.column}>
        {plotted !== null && (
          <div className={classes.plot}>
            <DetailPane key={plotted.key} title={plotted.name} onClose={() => setPlotted(null)}>
              <SeriesPanel patientId={patientId} group={plotted} />
            </DetailPane>
          </div>
        )}
        <SummaryBlock
          {...block}
          section="allergies"
          title={t`Allergies`}
          rows={content.allergyRows}
          columns={allergies}
          rowKey={(row) => row.id}
          searchText={(row) => row.agent}
          before={content.allergyRows.length === 0 ? <AllergyState banner={content.allergies} /> : undefined}
          none=""
        />
        <SummaryBlock {...block} section="vitals" title={t`Latest vital signs`} rows={content.vitals} columns={values()} rowKey={observationKey} searchText={observationText} onOpen={setPlotted} none={t`No vital sign recorded`} />
        <SummaryBlock {...block} section="results" title={t`Latest results, abnormal first`} rows={content.results} columns={values()} rowKey={observationKey} searchText={observationText} onOpen={setPlotted} none={t`No result recorded`} />
      </div>
    </div>
  );
}

const problems: Column<ProblemRow>[] = [
  { key: 'name', get header() { return t`Problem`; }, width: 'minmax(0, 1fr)', cell: (row) => <ProblemName row={row} /> },
  { key: 'severity', get header() { return t`Severity`; }, width: '90px', cell: (row) => row.severity },
  { key: 'onset', get header() { return t`Since`; }, width: '100px', cell: (row) => <WhenText when={row.onset} /> },
];

const medicines: Column<MedicationRow>[] = [
  {
    key: 'medicine',
    get header() { return t`Medicine`; },
    width: 'minmax(0, 1fr)',
    cell: (row) => (
      <>
        <MedicationLine row={row} />
        {row.reason !== '' && <Under>{t`for ${row.reason}`}</Under>}
      </>
    ),
  },
  { key: 'when', get header() { return t`Since`; }, width: '128px', cell: (row) => <WhenText when={row.when} /> },
];

const plans: Column<PlainRow>[] = [
  { key: 'title', get header() { return t`Plan`; }, width: 'minmax(0, 1fr)', cell: (row) => <strong>{row.title}</strong> },
  { key: 'when', get header() { return t`Since`; }, width: '128px', cell: (row) => <WhenText when={row.when} /> },
];

const lived: Column<PlainRow>[] = [
  { key: 'title', get header() { return t`What was observed`; }, width: 'minmax(0, 1fr)', cell: (row) => <strong>{row.title}</strong> },
  { key: 'detail', get header() { return t`Finding`; }, width: 'minmax(0, 1.4fr)', cell: (row) => row.detail },
  { key: 'when', get header() { return t`When`; }, width: '128px', cell: (row) => <WhenText when={row.when} /> },
];

const encounters: Column<EncounterRow>[] = [
  {
    key: 'kind',
    get header() { return t`Encounter`; },
    width: 'minmax(0, 1fr)',
    cell: (row) => (
      <>
        <strong>{row.kind}</strong>
        <Under>{[row.reason, row.practitioner].filter((part) => part !== '').join(', ')}</Under>
      </>
    ),
  },
  { key: 'class', get header() { return t`Class`; }, width: '90px', cell: (row) => <Quiet>{row.class}</Quiet> },
  { key: 'start', get header() { return t`When`; }, width: '136px', cell: (row) => <WhenText when={row.start} /> },
];

const allergies: Column<SummaryContent['allergyRows'][number]>[] = [
  { key: 'agent', get header() { return t`Agent`; }, width: 'minmax(0, 1fr)', cell: (row) => <strong>{row.agent}</strong> },
  { key: 'reactions', get header() { return t`Reactions`; }, width: 'minmax(0, 1.4fr)', cell: (row) => (row.reactions.length === 0 ? t`Reaction not recorded` : row.reactions.join(', ')) },
  { key: 'criticality', get header() { return t`Criticality`; }, width: '84px', cell: (row) => inWords(row.criticality) },
];

/** The columns of the whole list that matter here, narrower. */
const widths: Record<string, string> = { name: 'minmax(0, 1fr)', value: '78px', unit: '70px', flag: '92px', when: '128px', trend: '98px' };
const values = () =>
  observationColumns(t`Value`).flatMap((column) => {
    const width = widths[column.key];
    return width === undefined ? [] : [{ ...column, width }];
  });
