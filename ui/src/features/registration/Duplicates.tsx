// Who may be the same person, before anything is stored. Nobody is registered until they have been compared.
import { plural, t } from '@lingui/core/macro';
import { Button, Checkbox } from '@mantine/core';
import { IconArrowLeft, IconUsers } from '@tabler/icons-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { DuplicateRow, PatientRow, PersonFields } from '@/api/types';
import { fullName } from '@/lib/person';
import { DuplicateTable } from './DuplicateTable';
import { OpenInstead } from './OpenInstead';
import classes from './registration.module.css';

type DuplicatesProps = {
  person: PersonFields;
  rows: DuplicateRow[];
  pending: boolean;
  problem: string;
  onBack: () => void;
  onOpen: (patientId: string) => void;
  onSomebodyElse: () => void;
};

export function Duplicates({ person, rows, pending, problem, onBack, onOpen, onSomebodyElse }: DuplicatesProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [compared, setCompared] = useState(false);
  const [mistake, setMistake] = useState(false);
  const [opening, setOpening] = useState<PatientRow | null>(null);
  useEffect(() => {
    // Another list is another comparison.
    heading.current?.focus();
    setCompared(false);
  }, [rows]);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setMistake(!compared);
    if (compared) onSomebodyElse();
    else document.getElementById('duplicates-compared')?.focus();
  }

  const one = rows.length === 1;
  return (
    <>
      <h2 ref={heading} tabIndex={-1} className={classes.subheading}>
        {t`Is ${fullName(person)} here already?`}
      </h2>
      <div role="alert" className={classes.attention}>
        <IconUsers size={16} aria-hidden />
        {t`${plural(rows.length, { one: '# patient', other: '# patients' })} here may be the same person. Nothing is stored yet.`}
      </div>
      <DuplicateTable person={person} rows={rows} onOpen={setOpening} />
      <form aria-label={t`Register all the same`} noValidate className={classes.decide} onSubmit={submit}>
        <Checkbox
          id="duplicates-compared"
          label={t`I have compared name, birth date and number`}
          checked={compared}
          error={mistake && !compared ? t`Compare them first: the same person twice means that half of what is known is missing` : undefined}
          onChange={(event) => setCompared(event.currentTarget.checked)}
        />
        <div role="alert" className={classes.problem}>
          {problem}
        </div>
        <div className={classes.buttons}>
          <Button type="submit" variant="default" className={classes.confirm} loading={pending}>
            {one ? t`This is somebody else: register ${fullName(person)}` : t`All of these are somebody else: register ${fullName(person)}`}
          </Button>
          <Button variant="default" leftSection={<IconArrowLeft size={16} aria-hidden />} onClick={onBack}>
            {t`Back to what was typed`}
          </Button>
        </div>
      </form>
      <OpenInstead row={opening} person={person} onStay={() => setOpening(null)} onOpen={onOpen} />
    </>
  );
}
