// Every key with its state and age, and for the administrator the button that replaces it.
import { t } from '@lingui/core/macro';
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useKeyResealPause, useKeyRotate } from '@/api/mutations';
import { useKeys } from '@/api/queries';
import type { KeyListView, KeyProgressView, KeyRow } from '@/api/types';
import { Empty, sentence, StateView } from '@/components/StateView';
import { moment } from '@/lib/language/moment';
import classes from './keys.module.css';

/** What can be replaced on demand, what it is called on its button, and what replacing it means. */
const replaceable: Record<string, { name: string; means: string }> = {
  database: {
    get name() { return t`database key`; },
    get means() { return t`The whole database is written to a new file under a new key when the program starts next, before anybody signs in. Sign-in has to wait for it.`; },
  },
  authority: { get name() { return t`authority key`; }, get means() { return t`The group keys are sealed under a new authority key, which every administrator is granted. The paper of the recovery key stays valid.`; } },
  directory: { get name() { return t`directory key`; }, get means() { return t`Everybody whose role searches patients is granted a new key. Demographics are sealed anew in the background.`; } },
  'care-group/general': { get name() { return t`care group key`; }, get means() { return t`Everybody who treats is granted a new key pair. Whoever held the former one opens nothing that is written from now on.`; } },
  'break-glass': { get name() { return t`break-glass key`; }, get means() { return t`Everybody who may break the glass is granted a new key pair.`; } },
  patient: { get name() { return t`patient keys`; }, get means() { return t`Every record is sealed anew in the background under a new key of its patient. Former keys stay for what the audit log remembers.`; } },
};

const stateWords: Record<string, string> = { get active() { return t`Active`; }, get 'decrypt-only'() { return t`Decrypt only`; }, get destroyed() { return t`Destroyed`; } };

export function KeyTable({ mayRotate }: { mayRotate: boolean }) {
  const keys = useKeys();
  const [asked, setAsked] = useState<string | null>(null);
  return (
    <StateView
      read={keys}
      what={t`the keys`}
      isEmpty={(view) => view.rows.length === 0}
      empty={<Empty title={t`No keys yet`} hint={t`They are made with the first administrator.`} />}
    >
      {(view) => (
        <>
          {view.underWay === null ? null : (
            <UnderWay progress={view.underWay} mayRotate={mayRotate} onLook={() => void keys.refetch()} />
          )}
          {view.databaseAtStart ? (
            <p role="status" className={classes.notice}>
              {t`A new database key is made when the program starts next.`}
            </p>
          ) : null}
          <Table view={view} mayRotate={mayRotate} onReplace={setAsked} />
          <Replace asked={asked} onDone={() => setAsked(null)} />
        </>
      )}
    </StateView>
  );
}

function Table({ view, mayRotate, onReplace }: { view: KeyListView; mayRotate: boolean; onReplace: (key: string) => void }) {
  return (
    // The table scrolls sideways in a narrow window, and by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.scroller} tabIndex={0} role="region" aria-label={t`All keys`}>
      <table className={classes.table} aria-label={t`Keys of this workstation`}>
        <thead>
          <tr>
            <th scope="col">{t`Key`}</th>
            <th scope="col">{t`Version`}</th>
            <th scope="col">{t`State`}</th>
            <th scope="col">{t`Made`}</th>
            <th scope="col">{t`Age`}</th>
            <th scope="col">{t`Next rotation`}</th>
            <th scope="col">{t`Kept by`}</th>
            {mayRotate ? <th scope="col">{t`Replace`}</th> : null}
          </tr>
        </thead>
        <tbody>
          {view.rows.map((row) => (
            <tr key={`${row.id}/${row.version}/${row.state}`} data-state={row.state}>
              <th scope="row">
                <span className={classes.id}>{row.id}</span>{' '}
                <span className="quiet" lang="en">{row.purpose}</span>
              </th>
              <td>{row.version}</td>
              <td>
                {stateWords[row.state] ?? row.state}
                {row.count === 1 ? null : <span className="quiet">{` (${row.count})`}</span>}
              </td>
              <td>{moment(row.made ?? t`Not known`)}</td>
              <td className={classes.number}>{row.ageDays === null ? '' : t`${row.ageDays} d`}</td>
              <td data-due={row.due || undefined}>
                {moment(row.nextRotation ?? t`None`)}
                {row.due ? ` (${t`due`})` : ''}
              </td>
              <td lang="en">{row.custodian}</td>
              {mayRotate ? <td>{button(row, onReplace)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function button(row: KeyRow, onReplace: (key: string) => void) {
  const what = replaceable[row.id];
  if (what === undefined || row.state !== 'active') return null;
  return (
    <Button size="compact-sm" variant="default" aria-label={t`Replace the ${what.name}`} onClick={() => onReplace(row.id)}>
      {t`Replace`}
    </Button>
  );
}

function UnderWay({ progress, mayRotate, onLook }: { progress: KeyProgressView; mayRotate: boolean; onLook: () => void }) {
  const pause = useKeyResealPause();
  const { what, done, total, paused } = progress;
  return (
    <div className={classes.underWay} role="group" aria-label={t`Sealing anew`}>
      <p>{paused ? t`${what}: ${done} of ${total} rows are sealed anew; it waits.` : t`${what}: ${done} of ${total} rows are sealed anew while an administrator is signed in.`}</p>
      <progress aria-label={t`Rows sealed anew`} value={done} max={Math.max(total, 1)} />
      <div className={classes.actions}>
        <Button variant="default" size="compact-sm" onClick={onLook}>
          {t`Look again`}
        </Button>
        {mayRotate ? (
          <Button variant="default" size="compact-sm" loading={pause.isPending} onClick={() => pause.mutate(!paused)}>
            {paused ? t`Go on` : t`Stop for now`}
          </Button>
        ) : null}
      </div>
      <div role="alert" className={classes.problem}>
        {pause.error ? sentence(pause.error.message) : null}
      </div>
    </div>
  );
}

/** Says what will happen and asks once. The core decides whether the administrator may. */
function Replace({ asked, onDone }: { asked: string | null; onDone: () => void }) {
  const rotate = useKeyRotate();
  const what = asked === null ? undefined : replaceable[asked];
  const close = () => {
    rotate.reset();
    onDone();
  };
  return (
    <Modal
      opened={what !== undefined}
      onClose={close}
      title={what === undefined ? '' : t`Replace the ${what.name}`}
      closeButtonProps={{ 'aria-label': t`Close` }}
      transitionProps={{ duration: 0 }}
      returnFocus
    >
      <p>{what?.means}</p>
      <div role="alert" className={classes.problem}>
        {rotate.error ? sentence(rotate.error.message) : null}
      </div>
      <div className={classes.actions}>
        <Button loading={rotate.isPending} onClick={() => (asked === null ? undefined : rotate.mutate(asked, { onSuccess: close }))}>
          {t`Replace the ${what?.name ?? t`key`}`}
        </Button>
        <Button variant="default" onClick={close}>
          {t`Cancel`}
        </Button>
      </div>
    </Modal>
  );
}
