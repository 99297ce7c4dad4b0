// From the core's answers to values or thrown failures.
import { t } from '@lingui/core/macro';
import type { Result } from './contract';
import { inLanguage } from './errorWords';
import { commands as raw, events } from './transport';
import type { AppError, ErrorCode } from './types';

/** What the core refused, with a code to act on and a sentence to show, in the language in which it was refused. */
export class Failure extends Error {
  readonly code: ErrorCode;
  /** The core's own sentence, in English; null where the screen itself speaks. */
  readonly said: string | null;

  constructor(error: AppError, ofScreen = false) {
    super(ofScreen ? error.message : inLanguage(error.code, error.message));
    this.name = 'Failure';
    this.code = error.code;
    this.said = ofScreen ? null : error.message;
  }
}

/** The value, or the core's error thrown: the only place that looks at `status`. */
export async function unwrap<V>(answer: Promise<Result<V>>): Promise<V> {
  const result = await answer;
  if (result.status === 'error') throw new Failure(result.error);
  return result.data;
}

/** A failure of any origin, as one the screen can act on. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = t`the program did not answer as expected; nothing was changed. Try again, and call your administrator if it stays`;
  return new Failure({ code: 'internal', message }, true);
}

export const commands = raw;
export { events };
