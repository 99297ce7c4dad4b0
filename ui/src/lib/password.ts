// The rules for a new password, in words.
import { passwordLength } from './words';

export type PasswordProblem = { field: 'password' | 'repeat'; message: string };

/** What is wrong with a new password typed twice, or null. Length only, as NIST SP 800-63B has it; the core checks again. */
export function passwordProblem(password: string, repeat: string): PasswordProblem | null {
  const length = [...password].length;
  if (length < passwordLength)
    return { field: 'password', message: `The password has ${length} characters. It needs at least ${passwordLength}; a sentence works well` };
  if (password !== repeat) return { field: 'repeat', message: 'The two passwords differ. Type the same password in both fields' };
  return null;
}
