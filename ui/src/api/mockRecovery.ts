// The invented core's part for recovery keys, passwords and backups.
import type { Commands, Result } from './contract';
import { recoveryKey } from './mockChart';
import type * as T from './types';

type State = {
  user: T.UserView | null;
  users: T.UserView[];
  passwordDue: boolean;
  recovery: T.RecoveryView;
  backup: T.BackupStatusView;
  backupProgress: T.BackupProgress | null;
  backupListeners: Set<(event: { payload: T.BackupProgress }) => void>;
  failures: Partial<Record<keyof Commands, T.AppError>>;
};

type Core = {
  mock: State;
  answer: <V>(command: keyof Commands, request: unknown, work: () => V) => Promise<Result<V>>;
  refuse: (code: T.ErrorCode, message: string) => never;
  session: () => T.SessionView;
  checkPassword: (password: string) => void;
};

const noKey = 'a recovery key has 14 groups of 4 letters and digits; compare with the paper, group by group';

function beginBackup(mock: State, path: string) {
  mock.backupProgress = { phase: 'writing', percent: 0, path, size: null, problem: null };
  const timer = setInterval(() => {
    const now = mock.backupProgress;
    if (now === null) return clearInterval(timer);
    const percent = Math.min(100, now.percent + 10);
    if (now.phase === 'writing') mock.backupProgress = percent < 100 ? { ...now, percent } : { ...now, percent, phase: 'done', size: '48.2 MB' };
    if (mock.backupProgress?.phase === 'done') mock.backup = { ...mock.backup, last: '22-Nov-2026 08:21', ageDays: 0, overdue: false };
    if (mock.backupProgress) for (const listener of mock.backupListeners) listener({ payload: mock.backupProgress });
    if (mock.backupProgress?.phase !== 'writing') clearInterval(timer);
  }, 150);
}

type Part = 'saveChoose' | 'workstationRecover' | `recovery${'Read' | 'Key'}${string}` | `userPassword${string}` | `backup${string}`;

export function recoveryCommands({ mock, answer, refuse, session, checkPassword }: Core): Pick<Commands, Extract<keyof Commands, Part>> {
  return {
    saveChoose: (suggestedName) => answer('saveChoose', suggestedName, () => `/media/usb/${suggestedName}`),
    recoveryRead: () => answer('recoveryRead', null, () => mock.recovery),
    recoveryKeyMake: (request) =>
      answer('recoveryKeyMake', null, () => {
        if (request.password !== null) checkPassword(request.password);
        return recoveryKey;
      }),
    recoveryKeySave: (path) => answer('recoveryKeySave', path, () => null),
    recoveryKeyConfirm: (request) =>
      answer('recoveryKeyConfirm', null, () => {
        const { ask, groups, fingerprint } = recoveryKey;
        ask.forEach((number, index) => {
          if (request.groups[index]?.toUpperCase() !== groups[number - 1])
            refuse('invalid', `group ${number} is not what is on the paper; compare letter by letter`);
        });
        mock.recovery = { stage: 'made', fingerprint, made: '22-Nov-2026 08:20' };
        return session();
      }),
    recoveryKeyCancel: () => answer('recoveryKeyCancel', null, () => null),
    recoveryKeyDecline: () =>
      answer('recoveryKeyDecline', null, () => {
        mock.recovery = { stage: 'declined', fingerprint: null, made: null };
        return session();
      }),
    workstationRecover: (request) =>
      answer('workstationRecover', null, () => {
        if (request.recoveryKey.length < 56) refuse('invalid', noKey);
        delete mock.failures.sessionRead;
        return { custodian: 'TPM', findings: [] };
      }),
    userPasswordRecover: (request) =>
      answer('userPasswordRecover', null, () => {
        if (request.recoveryKey.length < 56) refuse('invalid', noKey);
        return null;
      }),
    userPasswordReset: (request) =>
      answer('userPasswordReset', { userId: request.userId }, () => {
        const user = mock.users.find((one) => one.id === request.userId);
        if (user?.id === mock.user?.id) refuse('invalid', 'nobody resets their own password; change it, or ask another administrator');
        return user ?? refuse('invalid', 'there is no such user');
      }),
    userPasswordChange: (request) =>
      answer('userPasswordChange', null, () => {
        checkPassword(request.current);
        mock.passwordDue = false;
        return session();
      }),
    backupStatusRead: () => answer('backupStatusRead', null, () => mock.backup),
    backupStart: (request) =>
      answer('backupStart', request, () => {
        beginBackup(mock, request.path);
        return null;
      }),
    backupProgressRead: () => answer('backupProgressRead', null, () => mock.backupProgress),
    backupCancel: () =>
      answer('backupCancel', null, () => {
        if (mock.backupProgress) mock.backupProgress = { ...mock.backupProgress, phase: 'cancelled' };
        return null;
      }),
  };
}
