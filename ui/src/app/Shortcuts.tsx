// The sheet of keys, on F1: what works everywhere, in a chart, and in lists.
import { Button, Kbd, Modal } from '@mantine/core';
import classes from './shortcuts.module.css';

type Key = { keys: string[]; does: string };

const groups: { title: string; keys: Key[] }[] = [
  {
    title: 'Everywhere',
    keys: [
      { keys: ['Ctrl', 'K'], does: 'Search patients, this chart and commands' },
      { keys: ['Ctrl', 'L'], does: 'Lock' },
      { keys: ['Ctrl', '1'], does: 'The first open chart, up to Ctrl+4' },
      { keys: ['Ctrl', '+'], does: 'Larger' },
      { keys: ['Ctrl', '-'], does: 'Smaller' },
      { keys: ['Ctrl', '0'], does: 'The usual size' },
      { keys: ['F1'], does: 'This sheet' },
    ],
  },
  {
    title: 'In a chart',
    keys: [
      { keys: ['Alt', '1'], does: 'The first section, up to Alt+9' },
      { keys: ['Alt', 'N'], does: 'A new note' },
      { keys: ['N'], does: 'Write in this section, from its list' },
      { keys: ['Ctrl', 'Enter'], does: 'Sign the note, or store what was typed' },
    ],
  },
  {
    title: 'In lists and plots',
    keys: [
      { keys: ['J'], does: 'Next row, as the arrow down' },
      { keys: ['K'], does: 'Row before, as the arrow up' },
      { keys: ['Enter'], does: 'Open' },
      { keys: ['T'], does: 'A plot as a table, and back' },
      { keys: ['Esc'], does: 'Back to the list' },
    ],
  },
];

export function Shortcuts({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    // Below the banner: whose chart it is stays in sight.
    <Modal.Root opened={opened} onClose={onClose} size="xl" yOffset={176}>
      <Modal.Overlay backgroundOpacity={0.1} />
      <Modal.Content aria-label="Keys">
        <Modal.Body>
      <div className={classes.head}>
        <h2 className={classes.heading}>Keys</h2>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
      </div>
      <div className={classes.groups}>
        {groups.map(({ title, keys }) => (
          <section key={title} aria-label={title}>
            <h3 className={classes.title}>{title}</h3>
            <dl className={classes.keys}>
              {keys.map((key) => (
                <div key={key.does} className={classes.row}>
                  <dt>
                    {key.keys.map((one) => (
                      <Kbd key={one} className={classes.key}>
                        {one}
                      </Kbd>
                    ))}
                  </dt>
                  <dd>{key.does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
