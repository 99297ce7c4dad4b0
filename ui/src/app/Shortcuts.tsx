// The sheet of keys, on F1: what works everywhere, in a chart, and in lists.
import { t } from '@lingui/core/macro';
import { Button, Kbd, Modal } from '@mantine/core';
import { belowBanner } from '@/components/belowBanner';
import classes from './shortcuts.module.css';

/** `shortcut`: the keys with a space between. */
type Key = { shortcut: string; does: string };

const groups: { title: string; keys: Key[] }[] = [
  {
    get title() { return t`Everywhere`; },
    keys: [
      { shortcut: 'Ctrl K', get does() { return t`Search patients, this chart and commands`; } },
      { shortcut: 'Ctrl L', get does() { return t`Lock`; } },
      { shortcut: 'Ctrl 1', get does() { return t`The first open chart, up to Ctrl+4`; } },
      { shortcut: 'Ctrl +', get does() { return t`Larger`; } },
      { shortcut: 'Ctrl -', get does() { return t`Smaller`; } },
      { shortcut: 'Ctrl 0', get does() { return t`The usual size`; } },
      { shortcut: 'F1', get does() { return t`This sheet`; } },
    ],
  },
  {
    get title() { return t`In a chart`; },
    keys: [
      { shortcut: 'Alt 1', get does() { return t`The first section, up to Alt+9`; } },
      { shortcut: 'Alt N', get does() { return t`A new note`; } },
      { shortcut: 'N', get does() { return t`Write in this section, from its list`; } },
      { shortcut: 'Ctrl Enter', get does() { return t`Sign the note, or store what was typed`; } },
    ],
  },
  {
    get title() { return t`In lists and plots`; },
    keys: [
      { shortcut: 'J', get does() { return t`Next row, as the arrow down`; } },
      { shortcut: 'K', get does() { return t`Row before, as the arrow up`; } },
      { shortcut: 'Enter', get does() { return t`Open`; } },
      { shortcut: 'T', get does() { return t`A plot as a table, and back`; } },
      { shortcut: 'Esc', get does() { return t`Back to the list`; } },
    ],
  },
];

export function Shortcuts({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal.Root opened={opened} onClose={onClose} size="xl" yOffset={belowBanner.yOffset}>
      <Modal.Overlay {...belowBanner.overlayProps} />
      <Modal.Content aria-label={t`Keyboard`}>
        <Modal.Body>
      <div className={classes.head}>
        <h2 className={classes.heading}>{t`Keyboard`}</h2>
        <Button variant="default" onClick={onClose}>
          {t`Close`}
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
                    {key.shortcut.split(' ').map((one) => (
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
