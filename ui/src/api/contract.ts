// The shape of the core's commands and events, as the generated bindings have it.
import type * as T from './types';

export type Result<V> = { status: 'ok'; data: V } | { status: 'error'; error: T.AppError };
type Answer<V> = Promise<Result<V>>;

export type Commands = {
  sessionRead(): Answer<T.SessionView>;
  administratorCreate(request: T.AdministratorCreateRequest): Answer<T.SessionView>;
  sessionCreate(request: T.SessionCreateRequest): Answer<T.SessionView>;
  sessionUnlock(request: T.SessionUnlockRequest): Answer<T.SessionView>;
  sessionLock(): Answer<T.SessionView>;
  sessionEnd(): Answer<T.SessionView>;
  sessionPlaceUpdate(request: T.PlaceUpdateRequest): Answer<null>;
  userSearch(): Answer<T.UserView[]>;
  userCreate(request: T.UserCreateRequest): Answer<T.UserView>;
  patientSearch(request: T.PatientSearchRequest): Answer<T.PatientSearchView>;
  patientRecent(): Answer<T.PatientRow[]>;
  chartRead(request: T.ChartReadRequest): Answer<T.ChartView>;
  sectionRead(request: T.SectionReadRequest): Answer<T.SectionView>;
  observationSeriesRead(request: T.SeriesReadRequest): Answer<T.SeriesView>;
  documentRead(request: T.ResourceReadRequest): Answer<T.DocumentView>;
  resourceRead(request: T.ResourceReadRequest): Answer<T.ResourceView>;
  importChoose(): Answer<string[]>;
  importStart(request: T.ImportStartRequest): Answer<null>;
  importProgressRead(): Answer<T.ImportProgress | null>;
  importCancel(): Answer<null>;
  auditVerify(): Answer<T.AuditVerifyView>;
};

type Event<P> = { listen(handler: (event: { payload: P }) => void): Promise<() => void> };

export type Events = {
  sessionChanged: Event<T.SessionView>;
  lockWarning: Event<T.LockWarning>;
  importProgressed: Event<T.ImportProgress>;
};
