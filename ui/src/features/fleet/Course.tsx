// What the rule watched: accesses over time, what it counted, what is usual, what was allowed, and where the alarm fired.
import { plural, t } from '@lingui/core/macro';
import type { IncidentView } from '@/api/types';
import { tickText } from '@/components/plot/plotData';
import { number } from '@/lib/language/number';
import { Sign } from './plot/Sign';
import { TimeBars, type Bar } from './plot/TimeBars';
import { Twin } from './plot/Twin';
import { watched, type Slot, type Watch } from './plot/watch';
import { counted, spanWords } from './ruleWords';
import classes from './plot/plot.module.css';

const DAY = 86_400;

export function Course({ view }: { view: IncidentView }) {
  const watch = watched(view);
  if (watch === null) return null;
  const { figures, rule, events: all } = view.row;
  const span = spanWords(figures.windowSeconds);
  const byDay = watch.slots[0]?.length === DAY;
  const title = byDay ? t`Events of each day` : t`Events of each hour`;
  return (
    <>
      <Twin
        name="course"
        title={title}
        nothing={t`No event of it is shown.`}
        plot={<Plot view={view} watch={watch} span={span} />}
        columns={[{ header: byDay ? t`Day` : t`Hour` }, { header: t`Events`, number: true }, { header: t`Nothing explains`, number: true }, { header: t`Most within ${span}`, number: true }]}
        rows={watch.slots.filter((slot) => slot.events > 0).map((slot) => ({ key: String(slot.at), cells: [slotName(slot), number(slot.events), number(slot.unexplained), number(slot.most)] }))}
      />
      {all > view.events.length ? <p className="quiet">{t`Drawn are the newest ${number(view.events.length)} of ${number(all)} events.`}</p> : null}
      {watch.limit === null ? <p className="quiet">{t`The limit is ${counted(rule, figures.limit)}; patients are not shown to this role, so it is not drawn.`}</p> : null}
    </>
  );
}

function Plot({ view, watch, span }: { view: IncidentView; watch: Watch; span: string }) {
  const { figures } = view.row;
  const explained = view.events.some((event) => event.basis !== null && event.basis !== 'none');
  const hatched = view.events.some((event) => event.basis === 'none');
  return (
    <>
      <TimeBars
        label={t`Events over time, counted within ${span}; ${figures.limit} were allowed, and the alarm fired at ${figures.count}`}
        from={watch.from}
        until={watch.until}
        bars={watch.slots.map(bar)}
        line={watch.counted}
        limit={watch.limit === null ? null : { value: watch.limit, label: t`allowed in ${span}: ${watch.limit}` }}
        usual={watch.usual === null ? null : { value: watch.usual, label: t`usual: ${watch.usual}` }}
        alarm={{ at: watch.alarm, label: t`alarm: ${figures.count}` }}
      />
      <p className={classes.legend}>
        {explained || !hatched ? <Sign className={classes.bar}>{hatched ? t`explained` : t`events`}</Sign> : null}
        {hatched ? <Sign hatched>{t`nothing explains`}</Sign> : null}
        <span>
          <svg className={classes.swatch} viewBox="0 0 18 10" aria-hidden>
            <path d="M0 8H8V3H18" className={classes.line} />
          </svg>
          {t`counted by the rule within ${span}`}
        </span>
      </p>
    </>
  );
}

function bar(slot: Slot): Bar {
  const events = plural(slot.events, { one: '# event', other: '# events' });
  return { at: slot.at, length: slot.length, plain: slot.events - slot.unexplained, hatched: slot.unexplained, words: `${slotName(slot)}: ${events}` };
}

/** `21-Nov-2026`, or `21-Nov-2026 10:00` for an hour. */
function slotName(slot: Slot): string {
  const [time = '', day] = tickText(slot.at, slot.length).split('\n');
  return day === undefined ? time : `${day} ${time}`;
}
