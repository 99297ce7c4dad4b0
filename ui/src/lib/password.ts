// The rules for a new password that the screen can tell by itself; the core knows the others and says why it refuses.
import { t } from '@lingui/core/macro';
import { passwordLength } from './words';
import type { SessionView } from '@/api/types';

export type PasswordProblem = { field: 'password' | 'repeat'; message: string };

/** How many characters the core counts. */
export const lengthOf = (password: string): number => [...password.normalize('NFKC')].length;

/** What is wrong with a new password typed twice, or null. */
export function passwordProblem(password: string, repeat: string): PasswordProblem | null {
  const length = lengthOf(password);
  if (length < passwordLength)
    return { field: 'password', message: t`The password has ${length} characters. It needs at least ${passwordLength}; a sentence works well` };
  if (password !== repeat) return { field: 'repeat', message: t`The two passwords differ. Type the same password in both fields` };
  return null;
}

/** What the user who is signed in types as the password: for the emergency account both halves. */
export function ownPassword(session: SessionView | undefined, label: string): string {
  return session?.user?.emergencyAccount === true ? t`Both halves, the first paper first` : label;
}
