// Documents and notes (FHIR DocumentReference, Composition): the list, a pane to read in, and the editor in place of both.
import { t } from '@lingui/core/macro';
import { useEffect, useRef, useState } from 'react';
import type { DocumentRow, NoteDraftView, SectionContent, WrittenView } from '@/api/types';
import { Empty } from '@/components/StateView';
import { useAsked } from '@/lib/asked';
import { useKept } from '@/lib/kept';
import { moment } from '@/lib/language/moment';
import { DetailPane } from '../DetailPane';
import { ImportDocument } from '../document/ImportDocument';
import documentClasses from '../document/document.module.css';
import { DocumentText } from '../DocumentText';
import type { Column } from '../grid/column';
import { ListWithDetail } from '../ListWithDetail';
import { NewNote } from '../note/NewNote';
import noteClasses from '../note/note.module.css';
import { OpenDraft } from '../note/OpenDraft';
import { draftKept } from '../note/place';
import { inWords, joined, Notice, Quiet, WhenText } from '../Quiet';
import { emptyWords } from '../sectionWords';
import { useWrites } from '../write/whose';

type DocumentsProps = { patientId: string; content: Extract<SectionContent, { section: 'documents' }> };

export function Documents({ patientId, content }: DocumentsProps) {
  const { rows, drafts, templates } = content;
  const whose = useWrites('documents');
  const [draftId, setDraftId] = useKept<string | null>(draftKept, null);
  const [begun, setBegun] = useState<NoteDraftView | null>(null);
  const [signed, setSigned] = useState<WrittenView | null>(null);
  const [left, setLeft] = useState<string | null>(null);
  const [importing, setImporting] = useState(false);
  const [stored, setStored] = useState<WrittenView | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const came = useRef(false);

  function beginImport() {
    setStored(null);
    setImporting(true);
  }
  useAsked(`import-document ${patientId}`, beginImport);
  // Back from a document the next key goes on where it was begun.
  useEffect(() => {
    if (!importing && came.current && stored === null) opener.current?.focus();
    came.current = importing;
  }, [importing, stored]);

  function open(draft: NoteDraftView) {
    setSigned(null);
    setBegun(draft);
    setDraftId(draft.id);
  }
  function openStored(id: string) {
    setSigned(null);
    setDraftId(id);
  }
  function close() {
    setLeft(draftId);
    setBegun(null);
    setDraftId(null);
  }

  if (whose !== null && importing) {
    return (
      <ImportDocument
        patientId={patientId}
        name={whose.name}
        onClose={(written) => {
          setStored(written);
          setImporting(false);
        }}
      />
    );
  }
  if (whose !== null && draftId !== null) {
    return (
      <OpenDraft
        key={draftId}
        patientId={patientId}
        name={whose.name}
        id={draftId}
        begun={begun}
        onClose={close}
        onSigned={(written) => {
          close();
          setLeft(null);
          setSigned(written);
        }}
      />
    );
  }
  return (
    <>
      {whose === null || templates.length === 0 ? null : <NewNote patientId={patientId} templates={templates} drafts={drafts} left={left} onBegun={open} onDraft={openStored} />}
      {whose === null ? null : (
        <div className={documentClasses.offer}>
          <button ref={opener} type="button" className={documentClasses.button} onClick={beginImport}>
            {t`Import a document`}
          </button>
          <span className={documentClasses.quiet}>{t`C-CDA from another hospital or from the patient: compared, reviewed, then taken entry by entry.`}</span>
        </div>
      )}
      {signed === null ? null : <Signed lead={t`Signed`} written={signed} />}
      {stored === null ? null : <Signed lead={t`Stored`} written={stored} />}
      {rows.length === 0 ? (
        <Empty title={t`Nothing recorded in documents`} hint={emptyWords.documents} />
      ) : (
        <ListWithDetail
          wide
          beside={beside}
          label={t`Documents`}
          rows={rows}
          columns={columns}
          rowKey={documentKey}
          searchText={documentText}
          isPast={isPast}
          detail={(row, close, show) => (
            <DetailPane
              title={row.title}
              onClose={close}
              facts={[
                [t`When`, moment(row.when.text)],
                [t`Author`, row.author],
                [t`Status`, inWords(row.status)],
                ...(row.encounter === '' ? [] : [[t`Encounter`, row.encounter] as const]),
              ]}
              stored={{ patientId, resourceType: row.resourceType, id: row.id }}
              storedOnDemand
            >
              <DocumentText patientId={patientId} resourceType={row.resourceType} id={row.id} onShow={show} onBegun={open} />
            </DetailPane>
          )}
        />
      )}
    </>
  );
}

/** What came of it has the focus: the next key goes on from there. */
function Signed({ lead, written }: { lead: string; written: WrittenView }) {
  const line = useRef<HTMLParagraphElement>(null);
  useEffect(() => line.current?.focus(), []);
  return (
    <p ref={line} role="status" tabIndex={-1} className={noteClasses.signed}>
      {`${lead}: ${written.lines.join('; ')}`}
    </p>
  );
}

const documentKey = (row: DocumentRow) => `${row.resourceType}/${row.id}`;
const documentText = (row: DocumentRow) => joined(row.title, row.author, row.when.text, row.status, row.contentType, row.encounter);
const beside = new Set(['title', 'when', 'author']);
const past = new Set(['superseded', 'entered-in-error']);
const isPast = (row: DocumentRow) => past.has(row.status);

/** What does not count is struck out here too: beside its text the list has no column for it. */
function DocumentTitle({ row }: { row: DocumentRow }) {
  const title = <strong>{row.title === '' ? t`Not titled` : row.title}</strong>;
  return row.status === 'entered-in-error' ? <del>{title}</del> : title;
}

const columns: Column<DocumentRow>[] = [
  { key: 'title', get header() { return t`Document`; }, width: 'minmax(0, 3fr)', cell: (row) => <DocumentTitle row={row} /> },
  { key: 'when', get header() { return t`When`; }, width: '136px', cell: (row) => <WhenText when={row.when} /> },
  { key: 'author', get header() { return t`Author`; }, width: 'minmax(0, 2fr)', cell: (row) => row.author },
  { key: 'encounter', get header() { return t`Encounter`; }, width: 'minmax(0, 2fr)', cell: (row) => <Quiet>{row.encounter}</Quiet> },
  { key: 'status', get header() { return t`Status`; }, width: '110px', cell: (row) => (isPast(row) ? <Notice>{inWords(row.status)}</Notice> : inWords(row.status)) },
  { key: 'content', get header() { return t`Content`; }, width: '130px', cell: (row) => <Quiet>{row.readable ? row.contentType : t`${row.contentType} not readable here`.trim()}</Quiet> },
];
