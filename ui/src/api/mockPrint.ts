// Invented papers: a page with a line of text, and two printers.
import type { Commands, Result } from './contract';
import type * as T from './types';

type Mock = { printers: T.PrintersView; written: { onScreen: string | null } };
type Core = {
  mock: Mock;
  answer: <V>(command: keyof Commands, request: unknown, work: () => V) => Promise<Result<V>>;
  refuse: (code: T.ErrorCode, message: string) => never;
  needOpen: () => void;
};
type Part = 'printerSearch' | 'printPreview' | 'printCreate';

export const twoPrinters = (): T.PrintersView => ({ printers: ['Ward-3', 'Labels-3'], usual: 'Ward-3', problem: null });

const titles: Record<T.PaperKind, string> = {
  'visit-summary': 'Visit summary',
  'medication-list': 'Medication list',
  note: 'Note',
  wristband: 'Wristband',
  labels: 'Labels',
};

const picture = (title: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297" width="210" height="297"><rect width="210" height="297" fill="white"/><text x="20" y="40" font-size="12">${title}</text></svg>`;

export function printCommands({ mock, answer, refuse, needOpen }: Core): Pick<Commands, Part> {
  function check(request: Pick<T.PrintRequest, 'patientId' | 'chartOnScreen' | 'purpose' | 'recipient' | 'reason'>) {
    needOpen();
    if (request.patientId !== request.chartOnScreen || mock.written.onScreen !== request.patientId)
      refuse('other-patient', 'the chart on the screen is of another patient; nothing was printed');
    if (request.purpose === 'other' && request.recipient.trim() === '') refuse('invalid', 'say who receives it: it is kept for six years');
    if (request.purpose === 'other' && request.reason.trim() === '') refuse('invalid', 'say what it is for: it is kept for six years');
  }
  return {
    printerSearch: () =>
      answer('printerSearch', null, () => {
        needOpen();
        return mock.printers;
      }),
    printPreview: (request) =>
      answer('printPreview', request, () => {
        check(request);
        const title = titles[request.kind];
        return { title, pages: 2, pictures: [picture(title), picture(title)], missing: request.kind === 'note' ? ['U+75C5'] : [] };
      }),
    printCreate: (request) =>
      answer('printCreate', request, () => {
        check(request);
        return { title: titles[request.kind], pages: 2, to: request.printer ?? request.path ?? '' };
      }),
  };
}
