// Choosing the patient of a report or a search over the fleet: the search that exists, restricted records among what it finds.
import { t } from '@lingui/core/macro';
import { TextInput } from '@mantine/core';
import { IconLock, IconSearch } from '@tabler/icons-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useAsked, usePatientSearch } from '@/api/queries';
import type { PatientRow } from '@/api/types';
import { moment } from '@/lib/language/moment';
import { number } from '@/lib/language/number';
import classes from './PatientPicker.module.css';
import { StateView } from './StateView';
import { focusFirstRow, useRowKeys } from './useRowKeys';

type Props = { picked: boolean; onPick: (patientId: string) => void };

export function PatientPicker({ picked, onPick }: Props) {
  const [text, setText] = useState('');
  const asked = useAsked(text.trim());
  const search = usePatientSearch(asked);
  const list = useRef<HTMLUListElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const keys = useRowKeys(() => field.current?.focus());
  const stale = asked !== text.trim() || search.isPlaceholderData;

  function press(event: KeyboardEvent) {
    if (event.key === 'Escape' && text !== '') setText('');
    else if (event.key === 'ArrowDown' || (event.key === 'Enter' && !stale)) focusFirstRow(list.current);
    else return;
    event.preventDefault();
  }

  function pick(row: PatientRow) {
    if (stale) return;
    setText('');
    onPick(row.patientId);
    field.current?.focus();
  }

  return (
    <div className={classes.pick}>
      <TextInput
        id="report-patient"
        ref={field}
        label={picked ? t`Another patient` : t`Find the patient`}
        description={t`Part of the name in any order, MRN, or birth date. The chart is not opened.`}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={press}
      />
      {text.trim() === '' || asked === '' ? null : (
        <StateView
          read={search}
          what={t`the patients`}
          isEmpty={(found) => found.total === 0}
          empty={<p className="quiet">{t`No patient matches. Try fewer letters, the MRN or the birth date.`}</p>}
        >
          {(found) => (
            <>
              <ul ref={list} className={classes.found} aria-label={t`Matching patients`} aria-busy={stale}>
                {found.rows.map((row) => (
                  <li key={row.patientId}>
                    <button type="button" data-row aria-disabled={stale} onClick={() => pick(row)} onKeyDown={keys}>
                      <strong>{row.name}</strong>
                      <span>{t`born ${moment(row.birthDate)}, MRN ${row.mrn}`}</span>
                      {row.restricted ? (
                        <span className={classes.restricted}>
                          <IconLock size={14} aria-hidden /> {t`Restricted`}
                        </span>
                      ) : null}
                    </button>
                  </li>
                ))}
              </ul>
              {found.total > found.rows.length ? (
                <p className="quiet">{t`${found.rows.length} of ${number(found.total)} shown. Type more to narrow the list.`}</p>
              ) : null}
            </>
          )}
        </StateView>
      )}
    </div>
  );
}
