// One patient's chart: the fixed banner, the tabs of its sections, and the section that is open.
import { t } from '@lingui/core/macro';
import { IconEyeOff } from '@tabler/icons-react';
import { useEffect, useMemo, useRef } from 'react';
import { failureOf } from '@/api/client';
import { useChartOnScreen } from '@/api/onScreen';
import { useChart } from '@/api/queries';
import type { Section } from '@/api/types';
import { Failed, Loading } from '@/components/StateView';
import { moment } from '@/lib/language/moment';
import classes from './ChartPage.module.css';
import { BreakGlass } from './BreakGlass';
import { EmergencyStrip } from './EmergencyStrip';
import { NoteKey } from './note/asked';
import { ChangeWho } from './identity/ChangeWho';
import { useWho } from './identity/useWho';
import { WhoButton } from './identity/WhoButton';
import { PatientBanner } from './PatientBanner';
import { SectionPane } from './SectionPane';
import { SectionTabs } from './SectionTabs';
import { WhoseChart } from './write/whose';

type ChartPageProps = {
  patientId: string;
  section: Section;
  /** Whether the user changes who a patient is. */
  changesWho?: boolean;
  onSection(section: Section): void;
};

export function ChartPage({ patientId, section, changesWho = false, onSection }: ChartPageProps) {
  const chart = useChart(patientId);
  const panel = useRef<HTMLDivElement>(null);
  const tabs = chart.data?.tabs;
  const name = chart.data?.banner.name;
  const written = chart.data?.written;
  const whose = useMemo(() => (name === undefined || written === undefined ? null : { patientId, name, written }), [patientId, name, written]);
  useChartOnScreen(patientId, chart.isSuccess ? chart.dataUpdatedAt : 0);
  const who = useWho(section);
  useSectionKeys(changesWho && who.changing ? undefined : tabs?.map((tab) => tab.section), onSection);

  if (chart.isPending) return <Loading what={t`the chart`} />;
  if (chart.isError && failureOf(chart.error).code === 'restricted') return <BreakGlass patientId={patientId} />;
  if (chart.isError) {
    return (
      <Failed
        what={t`This chart did not open`}
        error={chart.error}
        stillTrue={t`Nothing was changed. Other charts stay open.`}
        retrying={chart.isFetching}
        onRetry={() => void chart.refetch()}
      />
    );
  }

  const { banner, hidden, lastOpened, emergency } = chart.data;
  const shown = chart.data.tabs.some((tab) => tab.section === section);
  const open = shown ? section : chart.data.tabs[0]?.section;
  const strip = emergency !== null && <EmergencyStrip patientId={patientId} name={banner.name} emergency={emergency} />;
  if (changesWho && who.changing) {
    return (
      <div className={classes.chart}>
        {strip}
        <PatientBanner banner={banner} />
        <ChangeWho banner={banner} onDone={who.leave} />
      </div>
    );
  }
  return (
    <div className={classes.chart}>
      {strip}
      <PatientBanner banner={banner} />
      <div className={classes.bar}>
        <SectionTabs
          tabs={chart.data.tabs}
          open={open}
          panelId={panelId(patientId)}
          tabId={(of) => tabId(patientId, of)}
          onOpen={onSection}
          onEnterPanel={() => panel.current?.querySelector<HTMLElement>('[role="grid"], button, [tabindex="0"]')?.focus()}
        />
        <div className={classes.beside}>
          <p className={classes.opened}>{lastOpened === null ? t`Not opened by you before` : t`Last opened by you ${moment(lastOpened)}`}</p>
          {changesWho ? <WhoButton left={who.left} onBegin={who.begin} /> : null}
        </div>
      </div>
      {hidden.length > 0 && (
        <p className={classes.hidden}>
          <IconEyeOff size={14} aria-hidden />
          {t`Hidden from your role: ${hidden.join(', ')}. Care could depend on it; ask someone who may see it.`}
        </p>
      )}
      {open === undefined ? (
        <p className={classes.nothing}>{t`Your role sees no section of this chart.`}</p>
      ) : (
        <div
          ref={panel}
          role="tabpanel"
          id={panelId(patientId)}
          aria-labelledby={tabId(patientId, open)}
          className={classes.panel}
        >
          <WhoseChart value={whose}>
            <NoteKey writes={written?.includes('documents') === true} onSection={onSection}>
              <SectionPane key={`${patientId} ${open}`} patientId={patientId} section={open} onSection={onSection} />
            </NoteKey>
          </WhoseChart>
        </div>
      )}
    </div>
  );
}

const tabId = (patientId: string, section: Section) => `chart-${patientId}-tab-${section}`;
const panelId = (patientId: string) => `chart-${patientId}-section`;

/** Alt+1 to Alt+9 open the first nine sections from anywhere in the chart, also while typing. */
function useSectionKeys(sections: Section[] | undefined, onSection: (section: Section) => void) {
  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (!event.altKey || event.ctrlKey || event.metaKey || !/^Digit[1-9]$/.test(event.code)) return;
      const section = sections?.[Number(event.code.slice(-1)) - 1];
      if (section === undefined) return;
      event.preventDefault();
      onSection(section);
    }
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [sections, onSection]);
}
