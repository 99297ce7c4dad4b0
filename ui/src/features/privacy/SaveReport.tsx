// Writing a report to a new file that only its owner reads. What was written is said, and that it is on record.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { failureOf } from '@/api/client';
import { useSaveChoose } from '@/api/mutations';
import type { ReportSavedView } from '@/api/types';
import { sentence } from '@/components/StateView';
import classes from './reports.module.css';

/** One file: what the button says, the name that is suggested (never a patient's), and how it is written. */
export type SaveAs = { label: string; suggested: string; save: (path: string) => Promise<ReportSavedView> };

export function SaveReport({ label, files }: { label: string; files: SaveAs[] }) {
  const choose = useSaveChoose();
  const [busy, setBusy] = useState<string | null>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function write(file: SaveAs) {
    setBusy(file.label);
    setSaved(null);
    setProblem(null);
    try {
      const path = await choose.mutateAsync(file.suggested);
      if (path !== null) setSaved((await file.save(path)).path);
    } catch (error) {
      setProblem(sentence(failureOf(error).message));
    } finally {
      setBusy(null);
    }
  }

  return (
    <div className={classes.save} role="group" aria-label={label}>
      <span>{label}</span>
      {files.map((file) => (
        <Button
          key={file.label}
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          loading={busy === file.label}
          disabled={busy !== null && busy !== file.label}
          onClick={() => void write(file)}
        >
          {file.label}
        </Button>
      ))}
      <span role="status">{saved === null ? null : t`Written to ${saved}, for you alone to read; on record.`}</span>
      <span role="alert" className={classes.problem}>
        {problem}
      </span>
    </div>
  );
}
