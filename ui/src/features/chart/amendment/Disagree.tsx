// The patient's statement against a denial, taken down by whoever records requests.
import { t } from '@lingui/core/macro';
import type { AmendmentRow } from '@/api/types';
import { useAmendmentDisagree } from '@/api/amendments';
import { Steps, type Step } from './Steps';

export function Disagree({ patientId, name, row }: { patientId: string; name: string; row: AmendmentRow }) {
  const disagree = useAmendmentDisagree(patientId);
  if (row.status !== 'denied' || row.disagreement !== null) return null;
  const step: Step = {
    key: 'disagree', button: t`Add a statement of disagreement`, confirm: t`Add this statement for ${name}`,
    hint: t`Word for word. It is kept and disclosed with what it is about.`,
    fields: [
      { name: 'statement', label: t`What the patient states`, kind: 'words', missing: t`Write what the patient states` },
      { name: 'received', label: t`Received on; empty is today`, kind: 'day' },
    ],
    send: (value, done) => disagree.mutate({ patientId, chartOnScreen: patientId, id: row.id, statement: value('statement'), received: value('received') }, { onSuccess: done }),
  };
  return <Steps patientId={patientId} label={t`Disagreement`} name={`amendment-${row.id}`} steps={[step]} write={disagree} />;
}
