// Finding a patient: one query, and one audit entry, for each list that is shown.
import { t } from '@lingui/core/macro';
import { Button, TextInput } from '@mantine/core';
import { IconSearch, IconUserPlus } from '@tabler/icons-react';
import { useRef, type KeyboardEvent } from 'react';
import { useAsked, usePatientSearch } from '@/api/queries';
import type { PatientRow, PatientSearchView } from '@/api/types';
import { Empty, StateView } from '@/components/StateView';
import { focusFirstRow } from '@/components/useRowKeys';
import { useKept } from '@/lib/kept';
import { number } from '@/lib/language/number';
import { PatientTable } from './PatientTable';
import classes from './patient.module.css';

type PatientSearchPageProps = {
  onOpen: (row: PatientRow) => void;
  /** Registers somebody, beginning with what was typed; only for those who may. */
  onRegister?: (typed: string) => void;
};

export function PatientSearchPage({ onOpen, onRegister }: PatientSearchPageProps) {
  const [text, setText] = useKept<string>('search', '');
  const asked = useAsked(text.trim());
  const search = usePatientSearch(asked);
  const field = useRef<HTMLInputElement>(null);
  const table = useRef<HTMLTableElement>(null);
  const stale = asked !== text.trim() || search.isPlaceholderData;

  function press(event: KeyboardEvent) {
    // Enter only steps into the list: the best match is looked at before its chart opens.
    if (event.key === 'Escape') setText('');
    else if (event.key === 'ArrowDown' || (event.key === 'Enter' && !stale)) focusFirstRow(table.current);
    else return;
    event.preventDefault();
  }

  return (
    <section id="patients-page" data-scrolls className={classes.page} aria-label={t`Patients`}>
      <h1 className={classes.heading}>{t`Patients`}</h1>
      <div className={classes.searchLine}>
        <TextInput
          id="patient-search"
          ref={field}
          className={classes.search}
          label={t`Find a patient`}
          description={t`Part of the name in any order, MRN, or birth date`}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          autoFocus
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={press}
        />
        {onRegister === undefined ? null : (
          <Button variant="default" leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => onRegister(text.trim())}>
            {t`Register a patient`}
          </Button>
        )}
      </div>
      {asked === '' ? (
        <Empty title={t`No search yet`} hint={t`Matching patients appear here. Down or Enter steps into the list.`} />
      ) : (
        <StateView
          read={search}
          what={t`the patients`}
          isEmpty={(found) => found.total === 0}
          empty={
            <Empty
              title={t`No patient matches`}
              hint={searchedNote(search.data)}
              action={
                onRegister === undefined ? null : (
                  <Button className={classes.registerFound} onClick={() => onRegister(asked)}>
                    {t`Nobody found: register “${asked}”`}
                  </Button>
                )
              }
            />
          }
        >
          {(found) => (
            <>
              <p className={classes.note} role="status">
                {cutNote(found)}
              </p>
              <PatientTable ref={table} label={t`Matching patients`} rows={found.rows} stale={stale} onOpen={onOpen} onLeave={() => field.current?.focus()} />
            </>
          )}
        </StateView>
      )}
    </section>
  );
}

function searchedNote(found: PatientSearchView | undefined): string {
  return t`${number(found?.searched ?? 0)} patients at this workstation were searched. Try fewer letters, the MRN or the birth date.`;
}

function cutNote(found: PatientSearchView): string {
    return found.total > found.rows.length
    ? t`${found.rows.length} of ${number(found.total)} shown. Type more to narrow the list.`
    : t`${found.rows.length} of ${number(found.total)} shown`;
}
