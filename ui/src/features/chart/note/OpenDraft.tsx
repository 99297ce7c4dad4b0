// A draft that is opened: just begun, so that it is here already, or read.
import { t } from '@lingui/core/macro';
import { useNoteDraft } from '@/api/notes';
import type { NoteDraftView, WrittenView } from '@/api/types';
import { Failed, Loading } from '@/components/StateView';
import classes from './note.module.css';
import { NoteEditor } from './NoteEditor';

type OpenDraftProps = {
  patientId: string;
  name: string;
  id: string;
  begun: NoteDraftView | null;
  onClose(): void;
  onSigned(written: WrittenView): void;
};

export function OpenDraft({ patientId, name, id, begun, onClose, onSigned }: OpenDraftProps) {
  const given = begun?.id === id ? begun : undefined;
  const read = useNoteDraft(patientId, id, given === undefined);
  const draft = given ?? read.data;
  if (draft !== undefined) return <NoteEditor patientId={patientId} name={name} draft={draft} onClose={onClose} onSigned={onSigned} />;
  if (!read.isError) return <Loading what={t`the draft`} />;
  return (
    <div>
      <Failed what={t`The draft could not be read`} error={read.error} stillTrue={t`Nothing was changed.`} retrying={read.isFetching} onRetry={() => void read.refetch()} />
      <div className={classes.actions}>
        <button type="button" className={classes.button} onClick={onClose}>
          {t`Back to the documents`}
        </button>
      </div>
    </div>
  );
}
