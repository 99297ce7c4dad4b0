// How many rows of the list are still on their way: a long section comes in two parts.
import { createContext } from 'react';

export const RowsLeft = createContext(0);
