// Somebody is here already: their chart opens, nobody is registered, and what was typed goes only after this question.
import { t } from '@lingui/core/macro';
import { Button, Modal } from '@mantine/core';
import type { PatientRow, PersonFields } from '@/api/types';
import { moment } from '@/lib/language/moment';
import { fullName } from '@/lib/person';
import classes from './registration.module.css';

type OpenInsteadProps = { row: PatientRow | null; person: PersonFields; onStay: () => void; onOpen: (patientId: string) => void };

export function OpenInstead({ row, person, onStay, onOpen }: OpenInsteadProps) {
  return (
    <Modal
      opened={row !== null}
      onClose={onStay}
      title={row === null ? '' : t`Open the chart of ${row.name}?`}
      size={520}
      closeButtonProps={{ 'aria-label': t`Stay with what was typed` }}
      transitionProps={{ duration: 0 }}
      returnFocus
    >
      <p className={classes.question}>{t`Nobody is registered then, and what was typed about ${fullName(person)} is thrown away: what is new in it has to be changed in the chart.`}</p>
      <div className={classes.buttons}>
        <Button
          className={classes.confirm}
          onClick={() => {
            if (row !== null) onOpen(row.patientId);
          }}
        >
          {row === null ? '' : t`Throw it away and open ${row.name}, born ${moment(row.birthDate)}`}
        </Button>
        <Button variant="default" data-autofocus onClick={onStay}>
          {t`Stay here`}
        </Button>
      </div>
    </Modal>
  );
}
