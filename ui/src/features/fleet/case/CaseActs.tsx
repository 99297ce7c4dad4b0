// What can be done about an alarm. The button that does it names the act and whom it is about.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { IconArrowBigUpLines, IconCircleCheck, IconEye, IconFileZip, IconMessage, IconRotate, IconUserCheck, IconUserOff, IconUserShare, type Icon } from '@tabler/icons-react';
import { useIncidentDecide, useIncidentUpdate } from '@/api/fleet';
import type { IncidentView } from '@/api/types';
import { sentence } from '@/components/StateView';
import { useKept } from '@/lib/kept';
import { aboutWords, caseName } from '../caseWords';
import classes from '../fleet.module.css';
import { AssignForm } from './AssignForm';
import { CloseForm } from './CloseForm';
import { Evidence } from './Evidence';
import { WordsForm } from './WordsForm';

type Act = 'assign' | 'comment' | 'escalate' | 'suspend' | 'lift-suspension' | 'close' | 'reopen' | 'evidence';

const actWords: Record<Act, { label: string; sign: Icon }> = {
  assign: { get label() { return t`Give to somebody`; }, sign: IconUserShare },
  comment: { get label() { return t`Comment`; }, sign: IconMessage },
  escalate: { get label() { return t`Escalate`; }, sign: IconArrowBigUpLines },
  suspend: { get label() { return t`Suspend the account`; }, sign: IconUserOff },
  'lift-suspension': { get label() { return t`Lift the suspension`; }, sign: IconUserCheck },
  close: { get label() { return t`Close the case`; }, sign: IconCircleCheck },
  reopen: { get label() { return t`Open anew`; }, sign: IconRotate },
  evidence: { get label() { return t`Export the evidence`; }, sign: IconFileZip },
};

export function CaseActs({ view, decides }: { view: IncidentView; decides: boolean }) {
  const { row } = view;
  const acknowledge = useIncidentUpdate();
  const [kept, setOpen] = useKept<string>(`act ${row.id}`, '');
  const offered = actsOf(view, decides);
  const open = offered.find((one) => one === kept);
  if (row.own) return <p className={classes.note}>{t`This case is about you. Somebody else works on it.`}</p>;
  return (
    <section aria-label={t`What to do`} className={classes.acts}>
      <div className={classes.buttons} role="group" aria-label={t`Acts`}>
        {row.stage === 'open' ? (
          <Button size="compact-sm" leftSection={<IconEye size={14} aria-hidden />} loading={acknowledge.isPending} onClick={() => acknowledge.mutate({ id: row.id, step: 'acknowledge', words: '' })}>
            {t`Acknowledge ${caseName(row)}`}
          </Button>
        ) : null}
        {offered.map((act) => {
          const { label, sign: Sign } = actWords[act];
          return (
            <Button key={act} size="compact-sm" variant="default" leftSection={<Sign size={14} aria-hidden />} aria-expanded={open === act} onClick={() => setOpen(open === act ? '' : act)}>
              {label}
            </Button>
          );
        })}
      </div>
      {acknowledge.error === null ? null : (
        <p role="alert" className={classes.problem}>
          {sentence(acknowledge.error.message)}
        </p>
      )}
      {open === undefined ? null : <Form key={open} act={open} view={view} onDone={() => setOpen('')} />}
    </section>
  );
}

/** What fits how it stands and what the role may. */
function actsOf({ row }: IncidentView, decides: boolean): Act[] {
  const closed = row.stage === 'closed';
  const account = row.subject.kind === 'user';
  return [
    ...(account ? [row.suspended ? ('lift-suspension' as const) : ('suspend' as const)] : []),
    ...(closed ? [] : ['escalate' as const]),
    ...(decides && !closed ? (['assign', 'comment', 'close'] as const) : []),
    ...(decides && closed ? (['comment', 'reopen'] as const) : []),
    ...(decides ? (['evidence'] as const) : []),
  ];
}

function Form({ act, view, onDone }: { act: Act; view: IncidentView; onDone: () => void }) {
  const { row } = view;
  const update = useIncidentUpdate();
  const decide = useIncidentDecide();
  const who = aboutWords(row.subject);
  const done = { onSuccess: onDone };
  const urgent = (step: 'escalate' | 'suspend' | 'lift-suspension', label: string, confirm: string) => (
    <WordsForm key={act} name={`${act} ${row.id}`} label={label} confirm={confirm} state={update} onWords={(words, forget) => update.mutate({ id: row.id, step, words }, { onSuccess: () => { forget(); onDone(); } })} />
  );
  const decision = (kind: 'comment' | 'reopen', label: string, confirm: string) => (
    <WordsForm key={act} name={`${act} ${row.id}`} label={label} confirm={confirm} state={decide} onWords={(words, forget) => decide.mutate({ id: row.id, decision: { act: kind, words } }, { onSuccess: () => { forget(); onDone(); } })} />
  );
  switch (act) {
    case 'escalate':
      return urgent('escalate', t`Why the next level is called`, t`Escalate ${caseName(row)}`);
    case 'suspend':
      return urgent('suspend', t`Why the account is suspended`, t`Suspend ${who} on every workstation`);
    case 'lift-suspension':
      return urgent('lift-suspension', t`Why the suspension is lifted`, t`Lift the suspension of ${who} on every workstation`);
    case 'comment':
      return decision('comment', t`Comment`, t`Add the comment to ${caseName(row)}`);
    case 'reopen':
      return decision('reopen', t`Why it is opened anew`, t`Open ${caseName(row)} anew`);
    case 'assign':
      return <AssignForm view={view} state={decide} onAssign={(userId) => decide.mutate({ id: row.id, decision: { act: 'assign', userId } }, done)} />;
    case 'close':
      return <CloseForm row={row} state={decide} onClose={(finding, words, forget) => decide.mutate({ id: row.id, decision: { act: 'close', finding, words } }, { onSuccess: () => { forget(); onDone(); } })} />;
    case 'evidence':
      return <Evidence row={row} />;
  }
}
