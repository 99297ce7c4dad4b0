// Taking in FHIR files: choose, watch, stop, and read what became of every resource.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useImportChoose, useImportCancel, useImportStart } from '@/api/mutations';
import { useImportProgress } from '@/api/queries';
import type { ImportProgress } from '@/api/types';
import { useImportEvents } from '@/api/useEvents';
import { Empty, Failed, StateView } from '@/components/StateView';
import { ImportReportView } from './ImportReportView';
import { number } from '@/lib/language/number';
import classes from './administration.module.css';

const ended = ['done', 'cancelled', 'failed'];

export function ImportPage() {
  useImportEvents();
  const progress = useImportProgress();
  const choose = useImportChoose();
  const start = useImportStart();
  const running = progress.data != null && !ended.includes(progress.data.phase);

  async function chooseAndStart(folder: boolean) {
    const paths = await choose.mutateAsync(folder);
    if (paths.length > 0) await start.mutateAsync({ paths });
  }

  const busy = running || choose.isPending || start.isPending;
  const failure = choose.error ?? start.error;
  return (
    <section className={classes.page} aria-label={t`Import`}>
      <h1 className={classes.heading}>{t`Import`}</h1>
      <p className={classes.lead}>
        {t`FHIR R4 bundles (transaction, batch, collection), bulk NDJSON, single resources, and folders of those. The same file twice changes nothing.`}
      </p>
      <p>
        <Button autoFocus disabled={busy} onClick={() => void chooseAndStart(false).catch(() => undefined)}>
          {t`Choose files`}
        </Button>{' '}
        <Button variant="default" disabled={busy} onClick={() => void chooseAndStart(true).catch(() => undefined)}>
          {t`Choose a folder`}
        </Button>
      </p>
      {failure === null ? null : <Failed what={t`The import did not start`} error={failure} />}
      <StateView
        read={{ ...progress, data: progress.isPending ? undefined : { now: progress.data ?? null } }}
        what={t`the import`}
        isEmpty={(value) => value.now === null}
        empty={<Empty title={t`Nothing imported since this program started`} hint={t`Progress and the report of an import appear here.`} />}
      >
        {({ now }) => (now === null ? null : now.report ? <ImportReportView phase={now.phase} report={now.report} /> : <Running progress={now} />)}
      </StateView>
    </section>
  );
}

function Running({ progress }: { progress: ImportProgress }) {
  const cancel = useImportCancel();
  const { resourcesDone, resourcesTotal, filesDone, filesTotal, secondsLeft } = progress;
  const share = resourcesTotal === 0 ? 0 : Math.floor((resourcesDone / resourcesTotal) * 100);
  return (
    <div className={classes.progress}>
      <label htmlFor="import-progress">{progress.phase === 'scanning' ? t`Reading the files` : t`Storing`}</label>
      <progress id="import-progress" max={100} value={share} />
      <dl className={classes.facts}>
        <dt>{t`Files`}</dt>
        <dd>
          {t`${number(filesDone)} of ${number(filesTotal)}`}
        </dd>
        <dt>{t`Resources`}</dt>
        <dd>
          {t`${number(resourcesDone)} of ${number(resourcesTotal)}`}
        </dd>
        <dt>{t`Time left`}</dt>
        <dd>{secondsLeft === null ? t`Not known yet` : timeLeft(secondsLeft)}</dd>
      </dl>
      <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
        {t`Stop the import`}
      </Button>
      {cancel.isError ? <Failed what={t`The import goes on`} error={cancel.error} /> : <p className="quiet">{t`What is stored when you stop stays stored.`}</p>}
    </div>
  );
}

function timeLeft(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : t`${Math.ceil(seconds / 60)} min`;
}
