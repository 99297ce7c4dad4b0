// One patient's chart: the fixed banner, the tabs of its sections, and the section that is open.
import { t } from '@lingui/core/macro';
import { IconEyeOff } from '@tabler/icons-react';
import { useEffect, useMemo, useRef } from 'react';
import { failureOf } from '@/api/client';
import { useChartOnScreen } from '@/api/onScreen';
import { usePreferences } from '@/api/preferences';
import { useChart, useSectionAhead } from '@/api/queries';
import type { PaperKind, Section } from '@/api/types';
import { Failed, Loading } from '@/components/StateView';
import { inOrder } from '@/lib/sectionOrder';
import { moment } from '@/lib/language/moment';
import classes from './ChartPage.module.css';
import { BreakGlass } from './BreakGlass';
import { EmergencyStrip } from './EmergencyStrip';
import { NoteKey } from './note/asked';
import { ChangeWho } from './identity/ChangeWho';
import { useWho } from './identity/useWho';
import { WhoButton } from './identity/WhoButton';
import { PatientBanner } from './PatientBanner';
import { PrintAsk } from './print/PrintAsk';
import { PrintButton } from './print/PrintButton';
import { PrintPane } from './print/PrintPane';
import { usePrint } from './print/usePrint';
import { SectionPane } from './SectionPane';
import { SectionTabs } from './SectionTabs';
import { WhoseChart } from './write/whose';

type ChartPageProps = {
  patientId: string;
  section: Section;
  /** Whether the user changes who a patient is. */
  changesWho?: boolean;
  /** What the user puts on paper. */
  prints?: readonly PaperKind[];
  onSection(section: Section): void;
};

export function ChartPage({ patientId, section, changesWho = false, prints = nothing, onSection }: ChartPageProps) {
  const chart = useChart(patientId);
  const readAhead = useSectionAhead(patientId);
  const panel = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const { firstSections } = usePreferences().chosen;
  const tabs = useMemo(() => (chart.data === undefined ? undefined : inOrder(chart.data.tabs, firstSections, (tab) => tab.section)), [chart.data, firstSections]);
  const name = chart.data?.banner.name;
  const written = chart.data?.written;
  const whose = useMemo(() => (name === undefined || written === undefined ? null : { patientId, name, written }), [patientId, name, written]);
  useChartOnScreen(patientId, chart.isSuccess ? chart.dataUpdatedAt : 0);
  const who = useWho(section);
  function openSection(opened: Section) {
    readAhead(opened);
    onSection(opened);
  }
  const print = usePrint(section, prints);
  const { begin } = print;
  const printNote = useMemo(() => (prints.includes('note') ? (note: string) => begin({ kind: 'note', note }) : null), [prints, begin]);
  useSectionKeys((changesWho && who.changing) || print.open !== null ? undefined : tabs?.map((tab) => tab.section), openSection);

  // What opened the chart is gone from the page: the next key goes on from the tabs.
  const drawn = chart.isSuccess;
  useEffect(() => {
    const selected = bar.current?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]');
    if (drawn && document.activeElement?.contains(bar.current) === true) selected?.focus({ preventScroll: true });
  }, [patientId, drawn]);

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
  const shown = tabs?.some((tab) => tab.section === section) === true;
  const open = shown ? section : tabs?.[0]?.section;
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
  if (print.open !== null) {
    return (
      <div className={classes.chart}>
        {strip}
        <PatientBanner banner={banner} />
        <PrintPane key={`${print.open.note ?? ''}`} banner={banner} wish={print.open} kinds={prints} onKind={(kind) => begin({ kind, note: print.open?.note ?? null })} onClose={print.leave} />
      </div>
    );
  }
  return (
    <div className={classes.chart}>
      {strip}
      <PatientBanner banner={banner} />
      <div ref={bar} className={classes.bar}>
        <SectionTabs
          tabs={tabs ?? []}
          open={open}
          panelId={panelId(patientId)}
          tabId={(of) => tabId(patientId, of)}
          onOpen={openSection}
          onEnterPanel={() => panel.current?.querySelector<HTMLElement>('[role="grid"], button, [tabindex="0"]')?.focus()}
        />
        <div className={classes.beside}>
          <p className={classes.opened}>{lastOpened === null ? t`Not opened by you before` : t`Last opened by you ${moment(lastOpened)}`}</p>
          {prints.length > 0 ? <PrintButton left={print.left} onBegin={() => begin()} /> : null}
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
          tabIndex={-1}
          className={classes.panel}
        >
          <WhoseChart value={whose}>
            <NoteKey writes={written?.includes('documents') === true} onSection={onSection}>
              <PrintAsk value={printNote}>
                <SectionPane key={`${patientId} ${open}`} patientId={patientId} section={open} onSection={onSection} />
              </PrintAsk>
            </NoteKey>
          </WhoseChart>
        </div>
      )}
    </div>
  );
}

const nothing: readonly PaperKind[] = [];
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
