// Words for the codes of value sets that FHIR closes (required bindings of R4) and of the core's own vocabularies. What a chart says in free text, or
// with a code of a terminology, stays in the language in which it was written.
import { t } from '@lingui/core/macro';

const words: Record<string, string> = {
  get active() { return t({ message: 'active', context: 'status' }); },
  get inactive() { return t({ message: 'inactive', context: 'status' }); },
  get recurrence() { return t({ message: 'recurrence', context: 'status' }); },
  get relapse() { return t({ message: 'relapse', context: 'status' }); },
  get remission() { return t({ message: 'remission', context: 'status' }); },
  get resolved() { return t({ message: 'resolved', context: 'status' }); },
  get unconfirmed() { return t({ message: 'unconfirmed', context: 'status' }); },
  get provisional() { return t({ message: 'provisional', context: 'status' }); },
  get differential() { return t({ message: 'differential', context: 'status' }); },
  get confirmed() { return t({ message: 'confirmed', context: 'status' }); },
  get refuted() { return t({ message: 'refuted', context: 'status' }); },
  get 'entered-in-error'() { return t({ message: 'entered in error', context: 'status' }); },
  get completed() { return t({ message: 'completed', context: 'status' }); },
  get stopped() { return t({ message: 'stopped', context: 'status' }); },
  get 'on-hold'() { return t({ message: 'on hold', context: 'status' }); },
  get cancelled() { return t({ message: 'cancelled', context: 'status' }); },
  get draft() { return t({ message: 'draft', context: 'status' }); },
  get intended() { return t({ message: 'intended', context: 'status' }); },
  get 'not-taken'() { return t({ message: 'not taken', context: 'status' }); },
  get 'not-done'() { return t({ message: 'not done', context: 'status' }); },
  get planned() { return t({ message: 'planned', context: 'status' }); },
  get arrived() { return t({ message: 'arrived', context: 'status' }); },
  get triaged() { return t({ message: 'triaged', context: 'status' }); },
  get 'in-progress'() { return t({ message: 'in progress', context: 'status' }); },
  get onleave() { return t({ message: 'onleave', context: 'status' }); },
  get finished() { return t({ message: 'finished', context: 'status' }); },
  get registered() { return t({ message: 'registered', context: 'status' }); },
  get preliminary() { return t({ message: 'preliminary', context: 'status' }); },
  get final() { return t({ message: 'final', context: 'status' }); },
  get amended() { return t({ message: 'amended', context: 'status' }); },
  get corrected() { return t({ message: 'corrected', context: 'status' }); },
  get current() { return t({ message: 'current', context: 'status' }); },
  get superseded() { return t({ message: 'superseded', context: 'status' }); },
  get revoked() { return t({ message: 'revoked', context: 'status' }); },
  get unknown() { return t({ message: 'unknown', context: 'status' }); },
  get high() { return t({ message: 'high', context: 'criticality' }); },
  get low() { return t({ message: 'low', context: 'criticality' }); },
  get 'unable-to-assess'() { return t({ message: 'unable to assess', context: 'criticality' }); },
  get food() { return t({ message: 'food', context: 'allergy category' }); },
  get medication() { return t({ message: 'medication', context: 'allergy category' }); },
  get environment() { return t({ message: 'environment', context: 'allergy category' }); },
  get biologic() { return t({ message: 'biologic', context: 'allergy category' }); },
  get allergy() { return t({ message: 'allergy', context: 'kind of allergy' }); },
  get intolerance() { return t({ message: 'intolerance', context: 'kind of allergy' }); },
  get female() { return t({ message: 'female', context: 'gender' }); },
  get male() { return t({ message: 'male', context: 'gender' }); },
  get other() { return t({ message: 'other', context: 'gender' }); },
};

/** `entered-in-error` as `entered in error`; a code that is of none of them without its hyphens. */
export const codeWords = (code: string): string => (isCode(code) ? words[code] : undefined) ?? code.replaceAll('-', ' ');

/** Whether it is one of them. */
export const isCode = (text: string): boolean => Object.hasOwn(words, text);
