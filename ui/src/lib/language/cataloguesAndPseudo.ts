// The catalogues of tests and of the mock: with the invented language, long and accented, in which no English may be left over.
import { messages } from '@/locales/de.po';
import type { Messages } from '@lingui/core';
import { catalogues as real } from './catalogues.ts';
import { pseudo } from './pseudo';

export const catalogues: typeof real = {
  ...real,
  pseudo: () => Promise.resolve({ messages: Object.fromEntries(Object.entries(messages).map(([id, message]) => [id, pseudo(message)])) satisfies Messages }),
};
