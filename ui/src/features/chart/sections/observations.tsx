// How an observation stands in a list: name, value, unit, flag, range, when, how many, course.
import { t } from '@lingui/core/macro';
import type { ObservationGroup } from '@/api/types';
import { Sparkline } from '@/components/plot/Sparkline';
import { DetailPane } from '../DetailPane';
import { FlagMark, flagWords, ValueMark } from '@/components/FlagMark';
import type { Column } from '../grid/column';
import { ListWithDetail } from '../ListWithDetail';
import { inWords, joined, Notice, Quiet, WhenText } from '../Quiet';
import { SeriesPanel } from '../SeriesPanel';

type ObservationListProps = { patientId: string; label: string; groups: readonly ObservationGroup[]; what: string };

export function ObservationList({ patientId, label, groups, what }: ObservationListProps) {
  return (
    <ListWithDetail
      wide
      beside={beside}
      label={label}
      rows={groups}
      columns={observationColumns(what)}
      rowKey={observationKey}
      searchText={observationText}
      detail={(group, close) => (
        <DetailPane title={group.name} onClose={close} stored={{ patientId, resourceType: 'Observation', id: group.id }} storedOnDemand>
          <SeriesPanel patientId={patientId} group={group} />
        </DetailPane>
      )}
    />
  );
}

export const observationKey = (group: ObservationGroup) => group.key;
export const observationText = (group: ObservationGroup) =>
  joined(group.name, group.code, group.category, group.value, group.unit, flagWords[group.flag].word, group.when.text, group.status);

const beside = new Set(['name', 'value', 'unit', 'flag', 'when']);
const settled = new Set(['final', '']);

export const observationColumns = (what: string): Column<ObservationGroup>[] => [
  {
    key: 'name',
    header: what,
    width: 'minmax(112px, 3fr)',
    cell: (group) => (
      <>
        <strong>{group.name === '' ? t`Not named` : group.name}</strong>
        {!settled.has(group.status) && (
          <>
            {' '}
            <Notice>{inWords(group.status)}</Notice>
          </>
        )}
      </>
    ),
  },
  { key: 'value', header: t`Latest`, width: 'minmax(64px, 1fr)', align: 'right', cell: (group) => <ValueMark value={group.value} flag={group.flag} /> },
  { key: 'unit', header: t`Unit`, width: 'minmax(56px, 88px)', cell: (group) => (group.unit === '' ? '' : <Quiet>{group.unit}</Quiet>) },
  { key: 'flag', header: t({ message: 'Flag', context: 'of a result' }), width: '92px', cell: (group) => <FlagMark flag={group.flag} /> },
  { key: 'range', header: t`Range`, width: 'minmax(84px, 112px)', cell: (group) => (group.range === '' ? '' : <Quiet>{group.range}</Quiet>) },
  { key: 'when', header: t`When`, width: 'minmax(128px, 136px)', cell: (group) => <WhenText when={group.when} /> },
  { key: 'count', header: t`Values`, width: '52px', align: 'right', cell: (group) => group.count },
  { key: 'trend', header: t`Course`, width: '104px', cell: (group) => <Sparkline values={group.trend} name={group.name} /> },
];
