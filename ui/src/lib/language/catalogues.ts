// The catalogues, each a file of its own that is read when its language is first chosen. English has none: it stands in the code.
import type { Messages } from '@lingui/core';

export const catalogues: Record<string, () => Promise<{ messages: Messages }>> = {
  de: () => import('@/locales/de.po'),
};
