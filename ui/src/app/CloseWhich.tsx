// Four charts are open and a fifth was asked for: the user says which one goes. In the page, so that no banner is covered.
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { useWhose } from './ChartTabs';
import { Marker } from './Marker';
import { mostCharts, type OpenChart } from './place';
import classes from './frame.module.css';

type Props = { charts: OpenChart[]; onClose: (patientId: string) => void; onCancel: () => void };

export function CloseWhich({ charts, onClose, onCancel }: Props) {
  return (
    <section className={classes.which} aria-labelledby="close-which">
      <h1 id="close-which">{t`Which chart should be closed?`}</h1>
      <p className="quiet">{t`${mostCharts} charts are open, the most at one time. Close one to open the next; nothing in it is lost.`}</p>
      <ul>
        {charts.map((chart, index) => (
          <Choice key={chart.patientId} chart={chart} first={index === 0} onClose={onClose} />
        ))}
      </ul>
      <Button variant="default" onClick={onCancel}>
        {t`Keep all four`}
      </Button>
    </section>
  );
}

function Choice({ chart, first, onClose }: { chart: OpenChart; first: boolean; onClose: (patientId: string) => void }) {
  const whose = useWhose(chart.patientId);
  return (
    <li>
      <Button variant="default" autoFocus={first} leftSection={<Marker slot={chart.slot} />} onClick={() => onClose(chart.patientId)}>
        {t`Close ${whose}`}
      </Button>
    </li>
  );
}
