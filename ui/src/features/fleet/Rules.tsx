// The rules that raise alarms: their text, their versions, and for a privacy officer others in their place.
import { t } from '@lingui/core/macro';
import { Button, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useDetectionRules, useDetectionRuleUpdate } from '@/api/fleet';
import type { DetectionRulesView } from '@/api/types';
import { Empty, sentence } from '@/components/StateView';
import { moment } from '@/lib/language/moment';
import { Desk } from './Desk';
import classes from './fleet.module.css';

export function Rules({ decides }: { decides: boolean }) {
  const read = useDetectionRules();
  return (
    <Desk read={read} what={t`the rules of the fleet`} isEmpty={(view) => view.rules === '' && view.versions.length === 0} empty={<Empty title={t`The server has no rules`} hint={t`Its operator gives it some: vigil-server rule --help.`} />}>
      {(view) => <Stand view={view} decides={decides} />}
    </Desk>
  );
}

function Stand({ view, decides }: { view: DetectionRulesView; decides: boolean }) {
  const [editing, setEditing] = useState(false);
  return (
    <>
      <p className={classes.lead}>
        {t`Version ${view.active} decides. A version that decided once stays kept, so that every alarm can be explained by the rules that raised it. Try new rules on recorded months before they decide: vigil-server rule try.`}
      </p>
      {editing ? <Edit view={view} onDone={() => setEditing(false)} /> : <Text view={view} />}
      {decides && !editing ? (
        <Button variant="default" size="compact-sm" onClick={() => setEditing(true)}>
          {t`Write the next version`}
        </Button>
      ) : null}
      {decides ? null : <p className="quiet">{t`Another version is for a privacy officer to decide.`}</p>}
      <Versions view={view} />
    </>
  );
}

function Text({ view }: { view: DetectionRulesView }) {
  return (
    // It scrolls, and by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className={classes.rules} tabIndex={0} role="region" aria-label={t`Rules, version ${view.active}`} lang="en">
      {view.rules}
    </pre>
  );
}

function Edit({ view, onDone }: { view: DetectionRulesView; onDone: () => void }) {
  const update = useDetectionRuleUpdate();
  const [text, setText] = useState(view.rules);
  const version = /^\s*version\s*=\s*(\d+)/m.exec(text)?.[1];
  const next = version !== undefined && Number(version) > view.active;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    update.mutate(text, { onSuccess: onDone });
  }

  return (
    <form className={classes.edit} aria-label={t`The next version of the rules`} onSubmit={submit}>
      <Textarea name="rules" label={t`Rules (TOML)`} description={t`Give them a version above ${view.active}: the first line that begins with “version”`} rows={24} spellCheck={false} autoComplete="off" autoFocus classNames={{ input: classes.mono ?? '' }} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      <div role="alert" className={classes.problem}>
        {update.error === null ? null : sentence(update.error.message)}
      </div>
      <div className={classes.buttons}>
        <Button type="submit" loading={update.isPending} disabled={!next}>
          {next ? t`Let version ${version} decide` : t`Raise the version first`}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t`Leave the rules as they are`}
        </Button>
      </div>
    </form>
  );
}

function Versions({ view }: { view: DetectionRulesView }) {
  return (
    <section aria-label={t`Versions`}>
      <h2 className={classes.subheading}>{t`Versions`}</h2>
      <table className={`${classes.table} ${classes.narrow}`}>
        <thead>
          <tr>
            <th scope="col">{t`Version`}</th>
            <th scope="col">{t`Made`}</th>
            <th scope="col">{t`Decided since`}</th>
          </tr>
        </thead>
        <tbody>
          {view.versions.map((one) => (
            <tr key={one.version}>
              <th scope="row">
                {one.version}
                {one.version === view.active ? <span className="quiet"> {t`decides`}</span> : null}
              </th>
              <td>{moment(one.made)}</td>
              <td>{one.active === null ? t`never` : moment(one.active)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
