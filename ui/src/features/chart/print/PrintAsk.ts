// From a note to its paper: whoever draws the chart answers; without an answer there is no button.
import { createContext, useContext } from 'react';

export const PrintAsk = createContext<((note: string) => void) | null>(null);

export const usePrintAsk = () => useContext(PrintAsk);
