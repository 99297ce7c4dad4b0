// What a refusal of the core means, in the language of the screen: its codes are a closed vocabulary, its sentences are English.
import { t } from '@lingui/core/macro';
import { languageNow } from '@/lib/language/language';
import type { ErrorCode } from './types';

const words: Record<ErrorCode, string> = {
  get 'not-signed-in'() { return t`Nobody is signed in`; },
  get locked() { return t`The screen is locked`; },
  get 'wrong-password'() { return t`Name, password or second factor is not right; try again`; },
  get 'card-refused'() { return t`The card or its reader refused`; },
  get 'reauthentication-needed'() { return t`Password and second factor are asked for again`; },
  get 'factor-needed'() { return t`This needs a second factor, and you have none`; },
  get 'refused-for-now'() { return t`Too many failures: wait before you try again`; },
  get 'posture-refused'() { return t`The state of this workstation closes the sign-in`; },
  get forbidden() { return t`Your role does not allow this`; },
  get restricted() { return t`This record is restricted`; },
  get 'not-found'() { return t`There is no such thing`; },
  get 'password-due'() { return t`First choose a password of your own`; },
  get 'device-key-lost'() { return t`The key of this device is gone or another one`; },
  get invalid() { return t`This was not accepted; nothing was stored`; },
  get 'other-patient'() { return t`Another patient’s chart is on the screen; nothing was stored`; },
  get 'version-conflict'() { return t`Somebody else has changed this entry; nothing was stored`; },
  get implausible() { return t`This value is hardly possible; nothing was stored`; },
  get 'server-out-of-reach'() { return t`The central server is not in reach`; },
  get busy() { return t`Another long task is running`; },
  get 'audit-unavailable'() { return t`The access could not be put on record, so nothing was shown or stored`; },
  get internal() { return t`An error in the program`; },
};

/** What a code means; null in English, where the core's own sentence says more. */
export const meaningOf = (code: ErrorCode): string | null => (languageNow() === 'en' ? null : words[code]);

/** The core's own sentence in English; in another language what its code means, and the sentence behind it. */
export function inLanguage(code: ErrorCode, message: string): string {
  const meaning = meaningOf(code);
  return meaning === null ? message : `${meaning} (${message})`;
}
