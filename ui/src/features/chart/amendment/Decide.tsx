// What a physician does with a request: accept it, deny it, extend the time, answer the patient's statement.
import { t } from '@lingui/core/macro';
import type { AmendmentRow, DenialGround, NoteChoice } from '@/api/types';
import { useAmendmentAccept, useAmendmentDeny, useAmendmentExtend, useAmendmentRebut } from '@/api/amendments';
import { Steps, type Step } from './Steps';
import { grounds, isOpen } from './words';

type DecideProps = { patientId: string; name: string; row: AmendmentRow; notes: readonly NoteChoice[] };

export function Decide(props: DecideProps) {
  if (isOpen(props.row)) return <Decision {...props} />;
  const { disagreement } = props.row;
  return disagreement !== null && disagreement.rebuttal === null ? <Rebut {...props} disagreement={disagreement} /> : null;
}

function Decision({ patientId, name, row, notes }: DecideProps) {
  const accept = useAmendmentAccept(patientId);
  const deny = useAmendmentDeny(patientId);
  const extend = useAmendmentExtend(patientId);
  const writes = [accept, deny, extend];
  const of = { patientId, chartOnScreen: patientId, id: row.id, version: row.version };
  // A request about a note is answered by a note that follows it.
  const amending = notes.filter((note) => (row.note === null ? note.follows !== null : note.follows === row.note));
  const steps: Step[] = [
    {
      key: 'accept', button: t`Accept`, confirm: t`Accept this request for ${name}`,
      hint: t`Amend the record first; the amendment stands with what it amends. Tell the patient, and whoever relied on what was wrong.`,
      fields: [
        { name: 'done', label: t`What was done, as the patient is told`, kind: 'words', missing: t`Write what was done` },
        { name: 'amendment', label: t`The note that amends the record`, kind: 'choice', choices: [['', t`None`], ...amending.map((note) => [note.id, note.title] as const)] },
      ],
      send: (value, done) => accept.mutate({ ...of, done: value('done'), amendment: value('amendment') || null }, { onSuccess: done }),
    },
    {
      key: 'deny', button: t`Deny`, confirm: t`Deny this request for ${name}`, danger: true,
      hint: t`The patient is given this in writing, with what the law has it say about disagreeing and complaining.`,
      fields: [
        { name: 'ground', label: t`On what ground (45 CFR 164.526(a)(2))`, kind: 'choice', initial: 'accurate-and-complete', choices: Object.entries(grounds) },
        { name: 'basis', label: t`Why that is so, in plain words`, kind: 'words', missing: t`Write why that is so` },
        { name: 'contact', label: t`Whom the patient writes or complains to: name or title, telephone`, kind: 'text', missing: t`Write whom the patient writes to` },
      ],
      send: (value, done) => deny.mutate({ ...of, ground: groundOf(value('ground')), basis: value('basis'), contact: value('contact') }, { onSuccess: done }),
    },
  ];
  if (row.status === 'open') {
    steps.push({
      key: 'extend', button: t`Extend the time`, confirm: t`Extend the time for ${name}`,
      hint: t`Once, by at most 30 days, and before the time is over. The patient is told in writing why, and until when.`,
      fields: [
        { name: 'until', label: t`Until`, kind: 'day', missing: t`Choose the day` },
        { name: 'delay', label: t`Why, as the patient is told`, kind: 'words', missing: t`Write why` },
      ],
      send: (value, done) => extend.mutate({ ...of, until: value('until'), delay: value('delay') }, { onSuccess: done }),
    });
  }
  const write = {
    data: writes.find((one) => one.data !== undefined)?.data,
    error: writes.find((one) => one.isError)?.error,
    isPending: writes.some((one) => one.isPending),
    reset: () => writes.forEach((one) => one.reset()),
  };
  return <Steps patientId={patientId} label={t`Decide this request`} name={`amendment-${row.id}`} steps={steps} write={write} />;
}

function Rebut({ patientId, name, row, disagreement }: DecideProps & { disagreement: NonNullable<AmendmentRow['disagreement']> }) {
  const rebut = useAmendmentRebut(patientId);
  const step: Step = {
    key: 'rebut', button: t`Write a rebuttal`, confirm: t`Add this rebuttal for ${name}`,
    hint: t`It is kept with the statement, and the patient gets a copy.`,
    fields: [{ name: 'rebuttal', label: t`The rebuttal`, kind: 'words', missing: t`Write the rebuttal` }],
    send: (value, done) => rebut.mutate({ patientId, chartOnScreen: patientId, id: disagreement.id, version: disagreement.version, rebuttal: value('rebuttal') }, { onSuccess: done }),
  };
  return <Steps patientId={patientId} label={t`Answer this statement`} name={`amendment-${row.id}`} steps={[step]} write={rebut} />;
}

const groundOf = (value: string): DenialGround => (Object.keys(grounds) as DenialGround[]).find((one) => one === value) ?? 'accurate-and-complete';
