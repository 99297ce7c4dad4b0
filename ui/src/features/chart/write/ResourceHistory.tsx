// The versions of one resource: who wrote each and when, what it changed; an earlier one can become the newest again.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { HistoryView, Section, VersionView } from '@/api/types';
import { useResourceHistory, useResourceRestore } from '@/api/writes';
import { StateView } from '@/components/StateView';
import { moment } from '@/lib/language/moment';
import { NotShown } from '../NotShown';
import { Outcome } from './Outcome';
import { useWrites, writtenIn } from './whose';
import classes from './write.module.css';

type Which = { patientId: string; resourceType: string; id: string; section?: Section };

/** Reading it is on the record, so it waits to be asked for. */
export function ResourceHistory(which: Which) {
  const [wanted, setWanted] = useState(false);
  if (wanted) return <Versions {...which} />;
  return (
    <div className={classes.actions}>
      <button type="button" className={classes.button} onClick={() => setWanted(true)}>
        {t`Show its history`}
      </button>
    </div>
  );
}

function Versions(which: Which) {
  const read = useResourceHistory(which.patientId, which.resourceType, which.id);
  return (
    <StateView read={read} what={t`the history`} failed={t`The history could not be read`} stillTrue={t`Nothing was changed. The entry above still holds.`}>
      {(history) => <List history={history} which={which} />}
    </StateView>
  );
}

function List({ history, which }: { history: HistoryView; which: Which }) {
  const { patientId, resourceType, id, section = null } = which;
  const whose = useWrites(section ?? writtenIn(resourceType));
  const restore = useResourceRestore(which.patientId);
  const newest = history.versions[0]?.version ?? 0;
  return (
    <section aria-label={t`History`} className={classes.field}>
      <h3 className={classes.title}>{t`History`}</h3>
      <NotShown closed={history.closed} />
      <ol className={classes.versions}>
        {history.versions.map((version) => (
          <li key={version.version} className={classes.version}>
            <p>
              <strong>{t`Version ${version.version}`}</strong>
              {version.version === newest ? t`, as it stands` : ''} {version.at === 'Not known' ? '' : `${moment(version.at)} `}
              {version.role === '' ? version.who : `${version.who} (${version.role})`}
            </p>
            <Changes version={version} />
            {whose === null || version.version === newest || version.unreadable !== null ? null : (
              <Button
                variant="default"
                size="compact-sm"
                className={classes.confirm}
                loading={restore.isPending && restore.variables.restore === version.version}
                onClick={() => restore.mutate({ patientId, chartOnScreen: patientId, resourceType, id, section, version: newest, restore: version.version })}
              >
                {t`Restore version ${version.version} for ${whose.name}`}
              </Button>
            )}
          </li>
        ))}
      </ol>
      <Outcome patientId={which.patientId} data={restore.data} error={restore.error} />
    </section>
  );
}

function Changes({ version }: { version: VersionView }) {
  if (version.unreadable !== null) return <p className={classes.problem}>{t`Cannot be shown: ${version.unreadable}`}</p>;
  if (version.changes.length === 0) return <p className={classes.quiet}>{version.version === 1 ? t`Its first version` : t`Nothing that is shown differs`}</p>;
  return (
    <ul className={classes.changes}>
      {version.changes.map((change) => (
        <li key={change.element}>
          <code>{change.element}</code> {change.before === '' ? '' : <del>{change.before}</del>} {change.after === '' ? <span>{t`taken out`}</span> : <ins>{change.after}</ins>}
        </li>
      ))}
    </ul>
  );
}
