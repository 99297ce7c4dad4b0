// Output on paper. A preview is a read with its own entry: nothing is drawn again behind the user's back, and nothing of it stays.
import { useMutation, useQuery } from '@tanstack/react-query';
import { commands, unwrap } from './client';
import type * as T from './types';

/** The printers of this workstation, asked when the page opens. */
export function usePrinters() {
  return useQuery({ queryKey: ['printer'], queryFn: () => unwrap(commands.printerSearch()), gcTime: 0 });
}

export function usePrintPreview() {
  return useMutation({ mutationFn: (request: T.PrintRequest) => unwrap(commands.printPreview(request)) });
}

/** Prints, or saves where a path is given. */
export function usePrintCreate() {
  return useMutation({ mutationFn: (request: T.PrintCreateRequest) => unwrap(commands.printCreate(request)) });
}
