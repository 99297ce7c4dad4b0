// The four factors in the words of the regulation, 45 CFR 164.402 (2)(i) to (iv).
import { t } from '@lingui/core/macro';
import type { BreachAssessmentRequest } from '@/api/types';

export const factors = ['nature', 'recipient', 'acquired', 'mitigated'] as const;
export type Factor = (typeof factors)[number];

export const factorLabels: Record<Factor, string> = {
  get nature() { return t`(i) The nature and extent of the protected health information involved, including the types of identifiers and the likelihood of re-identification`; },
  get recipient() { return t`(ii) The unauthorized person who used the protected health information or to whom the disclosure was made`; },
  get acquired() { return t`(iii) Whether the protected health information was actually acquired or viewed`; },
  get mitigated() { return t`(iv) The extent to which the risk to the protected health information has been mitigated`; },
};

export type Draft = Omit<BreachAssessmentRequest, 'breach'> & { breach: boolean | null };

/** What is kept over a lock has to fit beside everything else that is (crates/workstation/src/session.rs): a longer draft is kept on the page alone. */
const mostKept = 6_000;

export const written = (draft: Draft): string => {
  const text = JSON.stringify(draft);
  return text.length > mostKept ? '' : text;
};

/** A draft that was kept, or an empty one: a newer or older program may have written it. */
export function readDraft(text: string, begin: Draft): Draft {
  try {
    return { ...begin, ...(JSON.parse(text) as Partial<Draft>) };
  } catch {
    return begin;
  }
}
