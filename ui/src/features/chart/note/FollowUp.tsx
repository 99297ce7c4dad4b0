// A signed note never changes: what is to be added or put right is a note of its own.
import { failureOf } from '@/api/client';
import { useNoteDraftCreate } from '@/api/notes';
import type { NoteDraftView, NoteRelation } from '@/api/types';
import { sentence } from '@/components/StateView';
import classes from './note.module.css';
import { relationWords } from './words';

type FollowUpProps = { patientId: string; id: string; onBegun(draft: NoteDraftView): void };

export function FollowUp({ patientId, id, onBegun }: FollowUpProps) {
  const create = useNoteDraftCreate();
  // The kind of the note that is followed counts, and the core knows it.
  const begin = (relation: NoteRelation) => create.mutate({ patientId, chartOnScreen: patientId, kind: 'progress', follows: { id, relation } }, { onSuccess: onBegun });
  return (
    <div>
      <div className={classes.actions}>
        {(['addendum', 'amendment'] as const).map((relation) => (
          <button key={relation} type="button" className={classes.button} disabled={create.isPending} onClick={() => begin(relation)}>
            {relationWords[relation].write}
          </button>
        ))}
      </div>
      <div role="alert" className={classes.problem}>
        {create.isError ? sentence(failureOf(create.error).message) : ''}
      </div>
    </div>
  );
}
