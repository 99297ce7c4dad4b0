// The second signature under a note, of whoever it was asked of.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { failureOf } from '@/api/client';
import { useNoteCosign } from '@/api/notes';
import { sentence } from '@/components/StateView';
import classes from './note.module.css';

export function Cosign({ patientId, id, name }: { patientId: string; id: string; name: string }) {
  const cosign = useNoteCosign(patientId);
  const failure = cosign.isError ? failureOf(cosign.error) : null;
  return (
    <div>
      <Button className={classes.confirm} loading={cosign.isPending} onClick={() => cosign.mutate({ patientId, chartOnScreen: patientId, id })}>
        {t`Cosign this note for ${name}`}
      </Button>
      <div role="alert" className={classes.problem}>
        {failure === null ? '' : failure.code === 'reauthentication-needed' ? t`Not signed.` : sentence(failure.message)}
      </div>
    </div>
  );
}
