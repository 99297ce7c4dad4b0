// The evidence of a case, signed by the server, as a new file for whoever has to judge it elsewhere.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { failureOf } from '@/api/client';
import { useIncidentExport } from '@/api/fleet';
import { useSaveChoose } from '@/api/mutations';
import type { IncidentRow } from '@/api/types';
import { sentence } from '@/components/StateView';
import { caseName } from '../caseWords';
import classes from '../fleet.module.css';

export function Evidence({ row }: { row: IncidentRow }) {
  const choose = useSaveChoose();
  const save = useIncidentExport();
  const [saved, setSaved] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function write() {
    setSaved(null);
    setProblem(null);
    try {
      // The name tells of nobody.
      const path = await choose.mutateAsync(`vigil-incident-${row.id}.tar`);
      if (path !== null) setSaved((await save.mutateAsync({ id: row.id, path })).path);
    } catch (error) {
      setProblem(sentence(failureOf(error).message));
    }
  }

  return (
    <div className={classes.form}>
      <p className="quiet">{t`One archive: the case with its history, every audit entry of it with its proof of inclusion, the checkpoints that the server cosigned, and a manifest that the server signed. It names patients by their ids, and holds what people wrote.`}</p>
      <Button leftSection={<IconDownload size={14} aria-hidden />} loading={choose.isPending || save.isPending} onClick={() => void write()}>
        {t`Export the evidence of ${caseName(row)}`}
      </Button>
      <span role="status">{saved === null ? null : t`Written to ${saved}, for you alone to read; on record.`}</span>
      <span role="alert" className={classes.problem}>
        {problem}
      </span>
    </div>
  );
}
