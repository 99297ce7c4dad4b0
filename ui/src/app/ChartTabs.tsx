// The open charts above the banner: each says whose it is.
import { t } from '@lingui/core/macro';
import { IconX } from '@tabler/icons-react';
import { failureOf } from '@/api/client';
import { useChart, useEmergencyOffer } from '@/api/queries';
import { moment } from '@/lib/language/moment';
import { Marker, markerNames } from './Marker';
import type { OpenChart } from './place';
import classes from './frame.module.css';

type Props = { charts: OpenChart[]; current: string | null; onOpen: (patientId: string) => void; onClose: (patientId: string) => void };

export function ChartTabs({ charts, current, onOpen, onClose }: Props) {
  if (charts.length === 0) return null;
  return (
    <nav aria-label={t`Open charts`} className={classes.tabs}>
      <ul>
        {charts.map((chart, index) => (
          <ChartTab
            key={chart.patientId}
            chart={chart}
            shortcut={`Control+${index + 1}`}
            current={chart.patientId === current}
            onOpen={onOpen}
            onClose={onClose}
          />
        ))}
      </ul>
    </nav>
  );
}

type TabProps = Omit<Props, 'charts' | 'current'> & { chart: OpenChart; shortcut: string; current: boolean };

function ChartTab({ chart, shortcut, current, onOpen, onClose }: TabProps) {
  const whose = useWhose(chart.patientId);
  return (
    <li className={classes.tab} data-current={current || undefined}>
      <button
        type="button"
        aria-current={current ? 'page' : undefined}
        aria-keyshortcuts={shortcut}
        className={classes.tabOpen}
        onClick={() => onOpen(chart.patientId)}
      >
        <Marker slot={chart.slot} />
        <span className={classes.tabName}>
          {whose}
          <span className="visually-hidden">, {markerNames[chart.slot]}</span>
        </span>
      </button>
      <button type="button" className={classes.tabClose} aria-label={t`Close the chart of ${whose}`} onClick={() => onClose(chart.patientId)}>
        <IconX size={14} aria-hidden />
      </button>
    </li>
  );
}

/** `SMITH, Jane (Ms) 14-Jul-1945`; while the chart is not here, that it is not. */
export function useWhose(patientId: string): string {
  const chart = useChart(patientId);
  // What the panel of a restricted record has read; the tab asks for nothing of its own.
  const restricted = useEmergencyOffer(patientId, false);
  if (chart.data) return `${chart.data.banner.name} ${moment(chart.data.banner.birthDate)}`;
  if (!chart.isError) return t`Opening …`;
  if (failureOf(chart.error).code !== 'restricted') return t`Chart that did not open`;
  return restricted.data ? `${restricted.data.name} ${moment(restricted.data.birthDate)}` : t`Restricted record`;
}
