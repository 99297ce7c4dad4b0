// The one place that talks to the core. Tests and `npm run dev:mock` get mock.ts in its stead.
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Commands, Events, Result } from './contract';
import type { AppError } from './types';

async function call<V>(command: string, args?: Record<string, unknown>): Promise<Result<V>> {
  try {
    return { status: 'ok', data: await invoke<V>(command, args) };
  } catch (error) {
    if (error instanceof Error) throw error;
    return { status: 'error', error: error as AppError };
  }
}

export const commands: Commands = {
  sessionRead: () => call('session_read'),
  administratorCreate: (request) => call('administrator_create', { request }),
  sessionCreate: (request) => call('session_create', { request }),
  sessionUnlock: (request) => call('session_unlock', { request }),
  sessionLock: () => call('session_lock'),
  sessionEnd: () => call('session_end'),
  sessionPlaceUpdate: (request) => call('session_place_update', { request }),
  userSearch: () => call('user_search'),
  userCreate: (request) => call('user_create', { request }),
  patientSearch: (request) => call('patient_search', { request }),
  patientRecent: () => call('patient_recent'),
  chartRead: (request) => call('chart_read', { request }),
  sectionRead: (request) => call('section_read', { request }),
  observationSeriesRead: (request) => call('observation_series_read', { request }),
  documentRead: (request) => call('document_read', { request }),
  resourceRead: (request) => call('resource_read', { request }),
  importChoose: () => call('import_choose'),
  importStart: (request) => call('import_start', { request }),
  importProgressRead: () => call('import_progress_read'),
  importCancel: () => call('import_cancel'),
  auditVerify: () => call('audit_verify'),
};

export const events: Events = {
  sessionChanged: { listen: (handler) => listen('session-changed', handler) },
  lockWarning: { listen: (handler) => listen('lock-warning', handler) },
  importProgressed: { listen: (handler) => listen('import-progressed', handler) },
};
