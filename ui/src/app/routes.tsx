// Which page stands for which place; what the user may not do has no page.
import { t } from '@lingui/core/macro';
import { lazy, Suspense } from 'react';
import { useNoChartOnScreen } from '@/api/onScreen';
import type { SessionView } from '@/api/types';
import { AuditPage } from '@/features/administration/AuditPage';
import { ImportPage } from '@/features/administration/ImportPage';
import { PosturePage } from '@/features/administration/PosturePage';
import { ServerPage } from '@/features/administration/ServerPage';
import { UsersPage } from '@/features/administration/UsersPage';
import { ChartPage } from '@/features/chart/ChartPage';
import { DestructionPage } from '@/features/destruction/DestructionPage';
import { atAmendment } from '@/features/chart/amendment/place';
import { atDraft, atNote } from '@/features/chart/note/place';
import { HomePage } from '@/features/home/HomePage';
import { KeysPage } from '@/features/keys/KeysPage';
import { AmendmentsDue } from '@/features/note/AmendmentsDue';
import { UnsignedNotes } from '@/features/note/UnsignedNotes';
import { PatientSearchPage } from '@/features/patient/PatientSearchPage';
import { RecentCharts } from '@/features/patient/RecentCharts';
import { PreferencesPage } from '@/features/preferences/PreferencesPage';
import { RegisterPage } from '@/features/registration/RegisterPage';
import { MySignInPage } from '@/features/session/MySignInPage';
import { Worklists } from '@/features/worklist/Worklists';
import { ReportsPage } from '@/features/privacy/ReportsPage';
import { RightsPage } from '@/features/privacy/RightsPage';
import { ReviewsPage } from '@/features/privacy/ReviewsPage';
import { BackupPage } from '@/features/recovery/BackupPage';
import { SuspensionsPage } from '@/features/suspension/SuspensionsPage';
import { Loading } from '@/components/StateView';
import { KeepUnder } from '@/lib/kept';
import { keptUnder, type Move, type Page, type Place, type Spot } from './place';

/** For two roles and not for every day: the others do not wait for it to load. */
const FleetPage = lazy(async () => ({ default: (await import('@/features/fleet/FleetPage')).FleetPage }));

type Props = {
  session: SessionView;
  place: Place;
  move: (move: Move) => void;
  onOpen: (patientId: string, spot?: Spot) => void;
  /** Begins to register somebody, with what was looked for and not found. */
  onRegister: (typed: string) => void;
};

/** The pages that the rail leads to; to register somebody begins at the patients. */
export type RailPage = Exclude<Page, 'chart' | 'register'>;

/** The pages of the rail that this user may open, in its order. */
export function pagesOf(session: SessionView): RailPage[] {
  const { may } = session;
  return [
    'home',
    ...(may.searchPatients ? (['patients'] as const) : []),
    ...(may.overseeFleet ? (['fleet'] as const) : []),
    ...(may.reviewEmergencyAccess ? (['reviews'] as const) : []),
    ...(may.readReports ? (['reports'] as const) : []),
    ...(may.readRights ? (['rights'] as const) : []),
    ...(may.administerUsers ? (['users'] as const) : []),
    ...(may.import ? (['import'] as const) : []),
    ...(may.backUp ? (['backup'] as const) : []),
    ...(may.seeKeys ? (['keys'] as const) : []),
    ...(may.destroyRecords ? (['destruction'] as const) : []),
    ...(may.liftSuspensions ? (['suspensions'] as const) : []),
    ...(may.verifyAudit ? (['audit'] as const) : []),
    ...(may.readPosture ? (['workstation'] as const) : []),
    ...(may.joinFleet ? (['server'] as const) : []),
    'screen',
    'sign-in',
  ];
}

export function PageOf({ session, place, move, onOpen, onRegister }: Props) {
  const chart = place.charts.find((one) => one.patientId === place.patientId);
  if (place.page === 'chart' && chart && session.may.searchPatients) {
    return (
      <>
        <h1 className="visually-hidden">{t`Chart`}</h1>
        <KeepUnder key={chart.patientId} name={keptUnder.section(chart)}>
          <ChartPage
            patientId={chart.patientId}
            section={chart.section}
            changesWho={session.may.registerPatients}
            prints={session.may.print}
            onSection={(section) => move({ type: 'section', patientId: chart.patientId, section })}
          />
        </KeepUnder>
      </>
    );
  }
  const page = place.page === 'register' && session.may.registerPatients ? 'register' : (pagesOf(session).find((one) => one === place.page) ?? 'home');
  return (
    <KeepUnder name={keptUnder.page(page)}>
      <PlainPage page={page} session={session} move={move} onOpen={onOpen} onRegister={onRegister} />
    </KeepUnder>
  );
}

function PlainPage({ page, session, move, onOpen, onRegister }: Omit<Props, 'place'> & { page: Exclude<Page, 'chart'> }) {
  useNoChartOnScreen();
  switch (page) {
    case 'patients':
      return <PatientSearchPage onOpen={(row) => onOpen(row.patientId)} {...(session.may.registerPatients ? { onRegister } : {})} />;
    case 'register':
      return (
        <RegisterPage
          onRegistered={(patientId) => {
            // Where a fifth chart is not opened after all, nobody is left before an empty form.
            move({ type: 'go', page: 'patients' });
            onOpen(patientId);
          }}
          onOpen={onOpen}
        />
      );
    case 'fleet':
      return (
        <Suspense fallback={<Loading what={t`the pages`} />}>
          <FleetPage decides={session.may.decideCases} />
        </Suspense>
      );
    case 'reviews':
      return <ReviewsPage />;
    case 'reports':
      return <ReportsPage />;
    case 'rights':
      return <RightsPage />;
    case 'users':
      return <UsersPage />;
    case 'import':
      return <ImportPage />;
    case 'backup':
      return <BackupPage />;
    case 'keys':
      return <KeysPage />;
    case 'destruction':
      return <DestructionPage />;
    case 'suspensions':
      return <SuspensionsPage />;
    case 'audit':
      return <AuditPage />;
    case 'screen':
      return <PreferencesPage sections={session.may.sections} />;
    case 'sign-in':
      return <MySignInPage />;
    case 'workstation':
      return <PosturePage />;
    case 'server':
      return <ServerPage />;
    case 'home':
      return (
        <HomePage session={session} onGo={(to) => (to === 'register' ? onRegister('') : move({ type: 'go', page: to }))}>
          <Worklists lists={session.may.worklists} onOpen={(row) => onOpen(row.patient.patientId)} />
          {session.may.writeNotes ? (
            <UnsignedNotes onDraft={(row) => onOpen(row.patient.patientId, atDraft(row.id))} onCosign={(row) => onOpen(row.patient.patientId, atNote(row.id))} />
          ) : null}
          {session.may.listAmendments ? <AmendmentsDue onOpen={(row) => onOpen(row.patient.patientId, session.may.sections.includes('amendments') ? atAmendment(row.id) : undefined)} /> : null}
          {session.may.searchPatients ? <RecentCharts onOpen={(row) => onOpen(row.patientId)} /> : null}
        </HomePage>
      );
  }
}
