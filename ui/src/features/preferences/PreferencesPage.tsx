// How the screen looks to this user: colours, size, which sections stand first.
import { t } from '@lingui/core/macro';
import { Button, NativeSelect, Radio } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { failureOf } from '@/api/client';
import { usePreferences, zoom } from '@/api/preferences';
import type { Colours, Section } from '@/api/types';
import { LanguageMenu } from '@/components/LanguageMenu';
import { sentence } from '@/components/StateView';
import { sectionWords } from '@/lib/words';
import { inOrder } from '@/lib/sectionOrder';
import page from '@/components/page.module.css';
import classes from './preferences.module.css';

const colours: { value: Colours; label: string }[] = [
  { value: 'system', get label() { return t`As the desktop has it`; } },
  { value: 'light', get label() { return t`Light`; } },
  { value: 'dark', get label() { return t`Dark`; } },
];

const sizes = Array.from({ length: (zoom.most - zoom.least) / zoom.step + 1 }, (_, step) => zoom.least + step * zoom.step);

/** `sections`: those that the user's role sees, in their usual order. */
export function PreferencesPage({ sections }: { sections: Section[] }) {
  const { chosen, change, error } = usePreferences();
  return (
    <section className={page.page} aria-label={t`My screen`}>
      <h1 className={page.heading}>{t`My screen`}</h1>
      <p className={page.lead}>{t`Yours alone, at every sign-in on this workstation.`}</p>
      <div role="alert" className={classes.problem}>
        {error === null ? '' : t`Nothing was changed. ${sentence(failureOf(error).message)}`}
      </div>
      <Radio.Group label={t`Colours`} value={chosen.colours} onChange={(value) => change({ colours: colours.find((one) => one.value === value)?.value ?? 'system' })}>
        <div className={classes.choices}>
          {colours.map((one) => (
            <Radio key={one.value} value={one.value} label={one.label} />
          ))}
        </div>
      </Radio.Group>
      <div className={classes.size}>
        <LanguageMenu onChoose={(language) => change({ language })} />
      </div>
      <NativeSelect
        id="preferences-size"
        className={classes.size}
        label={t`Size of everything`}
        description={t`Also Ctrl and +, Ctrl and -; Ctrl+0 for the usual size`}
        value={String(chosen.zoomPercent)}
        data={sizes.map((size) => ({ value: String(size), label: `${size} %` }))}
        onChange={(event) => change({ zoomPercent: Number(event.currentTarget.value) })}
      />
      {sections.length === 0 ? null : <Order sections={sections} first={chosen.firstSections} onChange={(firstSections) => change({ firstSections })} />}
    </section>
  );
}

const shortcut = (number: number) => ['Alt', number].join('+');

type OrderProps = { sections: Section[]; first: Section[]; onChange(first: Section[]): void };

function Order({ sections, first, onChange }: OrderProps) {
  const order = inOrder(sections, first, (section) => section);
  function move(at: number, to: number) {
    const moved = [...order];
    moved.splice(to, 0, ...moved.splice(at, 1));
    onChange(moved);
  }
  return (
    <section aria-label={t`Order of the sections`} className={classes.order}>
      <h2 className={classes.title}>{t`Sections of a chart`}</h2>
      <p className={classes.quiet}>{t`A chart opens with the first one; Alt and a digit opens one of the first nine.`}</p>
      <ol className={classes.list}>
        {order.map((section, at) => (
          <li key={section} className={classes.row}>
            <span className={classes.number}>{at < 9 ? shortcut(at + 1) : ''}</span>
            <span className={classes.name}>{sectionWords[section].label}</span>
            <button type="button" className={classes.move} disabled={at === 0} aria-label={t`Move ${sectionWords[section].label} up`} onClick={() => move(at, at - 1)}>
              <IconArrowUp size={16} aria-hidden />
            </button>
            <button
              type="button"
              className={classes.move}
              disabled={at === order.length - 1}
              aria-label={t`Move ${sectionWords[section].label} down`}
              onClick={() => move(at, at + 1)}
            >
              <IconArrowDown size={16} aria-hidden />
            </button>
          </li>
        ))}
      </ol>
      <Button variant="default" disabled={first.length === 0} onClick={() => onChange([])}>
        {t`The usual order`}
      </Button>
    </section>
  );
}
