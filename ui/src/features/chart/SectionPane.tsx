// The open section: reads it, shows what could not be read first, then its rows.
import { t } from '@lingui/core/macro';
import { useSection, useSectionRest } from '@/api/queries';
import type { Section, SectionContent, SectionView } from '@/api/types';
import { Empty, Failed, StateView } from '@/components/StateView';
import { inside } from '@/lib/language/language';
import { sectionWords } from '@/lib/words';
import { RowsLeft } from './grid/RowsLeft';
import { NotShown } from './NotShown';
import { isEmpty, SectionBody } from './SectionBody';
import { emptyWords } from './sectionWords';
import { Undecodable } from './Undecodable';
import { SectionWrite } from './write/SectionWrite';

type SectionPaneProps = { patientId: string; section: Section; onSection(section: Section): void };

export function SectionPane({ patientId, section, onSection }: SectionPaneProps) {
  const read = useSection(patientId, section);
  const rest = useSectionRest(patientId, section, read);
  const name = sectionWords[section].label;

  return (
    <RowsLeft value={read.data?.left ?? 0}>
    {rest.isError ? (
      <Failed
        what={t`Only the first rows of ${inside(name)} are here`}
        error={rest.error}
        stillTrue={t`The rows that are shown hold. Do not take them for all.`}
        onRetry={() => void read.refetch()}
      />
    ) : null}
    <StateView
      read={read}
      what={inside(name)}
      failed={t`${name} could not be read`}
      stillTrue={t`Nothing was changed. The banner above and the other sections still hold. Do not take this for an empty section.`}
    >
      {(view) => <Read view={view} patientId={patientId} onSection={onSection} />}
    </StateView>
    </RowsLeft>
  );
}

function Read({ view, patientId, onSection }: Omit<SectionPaneProps, 'section'> & { view: SectionView }) {
  const { content, undecodable, closed } = view;
  return (
    <>
      <SectionWrite content={content} />
      <Undecodable rows={undecodable} />
      <NotShown closed={closed} />
      {isEmpty(content) ? (
        <Empty title={emptyTitle(content, undecodable.length)} hint={emptyWords[content.section]} />
      ) : (
        <SectionBody closed={closed} patientId={patientId} content={content} onSection={onSection} />
      )}
    </>
  );
}

function emptyTitle(content: SectionContent, unread: number): string {
  const name = sectionWords[content.section].label;
  return unread > 0 ? t`Nothing readable in ${inside(name)}` : t`Nothing recorded in ${inside(name)}`;
}
