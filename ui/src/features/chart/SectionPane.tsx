// The open section: reads it, shows what could not be read first, then its rows.
import { useSection } from '@/api/queries';
import type { Section, SectionContent } from '@/api/types';
import { sectionWords } from '@/lib/words';
import { Empty, Failed, Loading } from './QueryStates';
import { isEmpty, SectionBody } from './SectionBody';
import { emptyWords } from './sectionWords';
import { Undecodable } from './Undecodable';

type SectionPaneProps = { patientId: string; section: Section; onSection(section: Section): void };

export function SectionPane({ patientId, section, onSection }: SectionPaneProps) {
  const read = useSection(patientId, section);
  const name = sectionWords[section].label;

  if (read.isPending) return <Loading what={name.toLowerCase()} />;
  if (read.isError) {
    return (
      <Failed
        what={`${name} could not be read`}
        error={read.error}
        stillTrue="Nothing was changed. The banner above and the other sections still hold. Do not take this for an empty section."
        retrying={read.isFetching}
        onRetry={() => void read.refetch()}
      />
    );
  }

  const { content, undecodable } = read.data;
  return (
    <>
      <Undecodable rows={undecodable} />
      {isEmpty(content) ? (
        <Empty title={emptyTitle(content, undecodable.length)}>{emptyWords[section]}</Empty>
      ) : (
        <SectionBody patientId={patientId} content={content} onSection={onSection} />
      )}
    </>
  );
}

function emptyTitle(content: SectionContent, unread: number): string {
  const name = sectionWords[content.section].label;
  return unread > 0 ? `Nothing readable in ${name.toLowerCase()}` : `Nothing recorded in ${name.toLowerCase()}`;
}
