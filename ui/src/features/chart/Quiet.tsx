// Text that steps back, and the status of things that are not as they should be.
import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import type { When } from '@/api/types';
import { codeWords, isCode } from '@/lib/language/codeWords';
import { moment } from '@/lib/language/moment';
import classes from './Quiet.module.css';

export const Quiet = ({ children }: { children: ReactNode }) => <span className={classes.quiet}>{children}</span>;

/** A date that keeps together; an unknown one says so. */
export function WhenText({ when }: { when: When }) {
  return <span className={classes.when}>{when.text === '' ? t`Not known` : moment(when.text)}</span>;
}

/** The second line under what a row says first. */
export const Under = ({ children }: { children: ReactNode }) =>
  children === '' ? null : <span className={classes.under}>{children}</span>;

/** Said out loud and set apart: preliminary, corrected, entered in error. */
export const Notice = ({ children }: { children: string }) => <span className={classes.notice}>{children}</span>;

/** A code of a value set that FHIR closes (required binding), as words; another one as it is. */
export const inWords = (code: string) => codeWords(code);

/** One string to filter on, with dates and codes as they are shown. */
export const joined = (...parts: string[]) => parts.map((part) => (isCode(part) ? codeWords(part) : moment(part))).join(' ');
