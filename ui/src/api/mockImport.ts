// The invented core's part for imports.
import type { Commands, Result } from './contract';
import { importReport } from './mockChart';
import type * as T from './types';

type State = { progress: T.ImportProgress | null; importListeners: Set<(event: { payload: T.ImportProgress }) => void> };

type Answer = <V>(command: keyof Commands, request: unknown, work: () => V) => Promise<Result<V>>;

function beginImport(mock: State, paths: string[]) {
  const total = 1200;
  const progress = (done: number, phase: string, report: T.ImportReport | null): T.ImportProgress => ({
    phase,
    filesDone: Math.floor((done / total) * 12),
    filesTotal: 12,
    resourcesDone: done,
    resourcesTotal: total,
    secondsLeft: report ? null : Math.ceil((total - done) / 240),
    report,
  });
  mock.progress = progress(0, 'scanning', null);
  const timer = setInterval(() => {
    const stopped = mock.progress?.phase === 'cancelled';
    const done = Math.min(total, (mock.progress?.resourcesDone ?? 0) + 120);
    const ended = stopped || done >= total;
    const report = ended ? { ...importReport, files: paths.length, cancelled: stopped } : null;
    mock.progress = progress(done, stopped ? 'cancelled' : ended ? 'done' : 'storing', report);
    for (const listener of mock.importListeners) listener({ payload: { ...mock.progress, report: null } });
    if (ended) clearInterval(timer);
  }, 400);
}

export function importCommands(mock: State, answer: Answer): Pick<Commands, 'importChoose' | 'importStart' | 'importProgressRead' | 'importCancel'> {
  return {
    importChoose: () => answer('importChoose', null, () => ['/media/usb/bulk/Patient.ndjson', '/media/usb/bulk/Observation.ndjson']),
    importStart: (request) =>
      answer('importStart', request, () => {
        beginImport(mock, request.paths);
        return null;
      }),
    importProgressRead: () => answer('importProgressRead', null, () => mock.progress),
    importCancel: () =>
      answer('importCancel', null, () => {
        if (mock.progress) mock.progress = { ...mock.progress, phase: 'cancelled' };
        return null;
      }),
  };
}
