// The key access log: who used which keys, about whom and what for. Each line is the first use in one session.
import { t } from '@lingui/core/macro';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState, type FormEvent } from 'react';
import { useKeyUses } from '@/api/queries';
import type { KeyUseListView, KeyUseRow, KeyUseSearchRequest } from '@/api/types';
import { Empty, StateView } from '@/components/StateView';
import { field } from '@/lib/form';
import { moment } from '@/lib/language/moment';
import classes from './keys.module.css';

const everything: KeyUseSearchRequest = { userId: '', patientId: '', from: '', until: '' };
/** A line of text and its space. */
const ROW = 30;

export function KeyUseLog() {
  const [request, setRequest] = useState(everything);
  const [known, setKnown] = useState<KeyUseRow[]>([]);
  const uses = useKeyUses(request);
  const filtered = request !== everything;
  return (
    <>
      <Filters known={uses.data !== undefined && !filtered ? uses.data.rows : known} onKnown={setKnown} onShow={setRequest} />
      <StateView
        read={uses}
        what={t`the key access log`}
        isEmpty={(view) => view.rows.length === 0}
        empty={
          <Empty
            title={filtered ? t`No use of a key fits` : t`No key was used yet`}
            hint={filtered ? t`Ask for another user, patient or period.` : t`Each first use in a session appears here.`}
          />
        }
      >
        {(view) => <Uses view={view} />}
      </StateView>
    </>
  );
}

type FilterProps = { known: KeyUseRow[]; onKnown: (rows: KeyUseRow[]) => void; onShow: (request: KeyUseSearchRequest) => void };

function Filters({ known, onKnown, onShow }: FilterProps) {
  const people = [...new Map(known.flatMap((row) => (row.userId === null ? [] : [[row.userId, row.who] as const])))];
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const of = (name: string) => field(form, name).trim();
    // Who there is to choose from stays while a filter is on.
    onKnown(known);
    onShow({ userId: of('userId'), patientId: of('patientId'), from: of('from'), until: of('until') });
  }
  function reset(event: FormEvent<HTMLFormElement>) {
    event.currentTarget.querySelector('select')?.focus();
    onShow(everything);
  }
  return (
    <form className={classes.filters} aria-label={t`Filter the key access log`} onSubmit={submit} onReset={reset}>
      <NativeSelect
        name="userId"
        label={t`User`}
        data={[{ value: '', label: t`Everybody` }, ...people.map(([value, label]) => ({ value, label }))]}
      />
      <TextInput name="patientId" label={t`Patient id`} placeholder={t`All`} autoComplete="off" spellCheck={false} maxLength={64} />
      <TextInput name="from" label={t`From`} type="date" />
      <TextInput name="until" label={t`Until`} type="date" />
      <Button type="submit">{t`Show`}</Button>
      <Button type="reset" variant="default">
        {t`Show all`}
      </Button>
    </form>
  );
}

function Uses({ view }: { view: KeyUseListView }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { rows } = view;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    initialRect: { width: 1000, height: 600 },
  });
  const shown = virtualizer.getVirtualItems();
  const before = shown[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    <>
      <p role="status" className={classes.counts}>
        {view.cutOff ? t`The newest ${rows.length} are shown; ask for a shorter period.` : t`${rows.length} in all`}
      </p>
      {/* The log scrolls by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={scroller} className={classes.log} tabIndex={0} role="region" aria-label={t`Key access log, newest first`}>
        <table className={classes.table} aria-label={t`Uses of keys`} aria-rowcount={rows.length + 1}>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col">{t`When`}</th>
              <th scope="col">{t`Who`}</th>
              <th scope="col">{t`Role`}</th>
              <th scope="col">{t`What`}</th>
              <th scope="col">{t`Purpose`}</th>
              <th scope="col">{t`Patient id`}</th>
              <th scope="col">{t`Keys`}</th>
            </tr>
          </thead>
          <tbody>
            <Space height={before} />
            {shown.map(({ index }) => {
              const row = rows[index];
              return row === undefined ? null : <Use key={row.sequence} row={row} index={index} />;
            })}
            <Space height={after} />
          </tbody>
        </table>
      </div>
    </>
  );
}

function Use({ row, index }: { row: KeyUseRow; index: number }) {
  return (
    <tr aria-rowindex={index + 2}>
      <td>{moment(row.recorded)}</td>
      <th scope="row">{row.who}</th>
      <td>{row.role}</td>
      <td>{row.what}</td>
      <td>{row.purpose}</td>
      <td className={classes.mono}>{row.patientId ?? ''}</td>
      <td className={classes.mono}>{row.keys.join(', ')}</td>
    </tr>
  );
}

function Space({ height }: { height: number }) {
  return height <= 0 ? null : (
    <tr aria-hidden style={{ height }}>
      <td colSpan={7} />
    </tr>
  );
}
