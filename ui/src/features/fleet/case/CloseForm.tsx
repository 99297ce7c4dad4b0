// A case is closed with what it turned out to be, and why.
import { t } from '@lingui/core/macro';
import { Radio } from '@mantine/core';
import { useState } from 'react';
import type { CaseFinding, IncidentRow } from '@/api/types';
import { caseName, findings, findingWords } from '../caseWords';
import classes from '../fleet.module.css';
import { WordsForm, type Sending } from './WordsForm';

type Props = { row: IncidentRow; state: Sending; onClose: (finding: CaseFinding, words: string, forget: () => void) => void };

export function CloseForm({ row, state, onClose }: Props) {
  const [finding, setFinding] = useState<CaseFinding | null>(null);
  return (
    <WordsForm
      name={`close ${row.id}`}
      label={t`Why`}
      confirm={t`Close ${caseName(row)}`}
      state={state}
      missing={() => (finding === null ? t`Choose what it turned out to be` : null)}
      onWords={(words, forget) => {
        if (finding !== null) onClose(finding, words, forget);
      }}
    >
      <Radio.Group label={t`What it turned out to be`} value={finding} onChange={(value) => setFinding(findings.find((one) => one === value) ?? null)}>
        <div className={classes.choices}>
          {findings.map((one) => (
            <Radio key={one} value={one} label={findingWords[one]} />
          ))}
        </div>
      </Radio.Group>
    </WordsForm>
  );
}
