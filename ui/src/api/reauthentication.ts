// What asks for a fresh authentication: the core refuses, the screen asks for password and second factor, and it is tried once more.
import { createContext, useContext } from 'react';
import { failureOf } from './client';
import type { Purpose } from './types';

/** Asks the user to authenticate again; false when they think better of it. The frame offers it. */
export const AskContext = createContext<(purpose: Purpose) => Promise<boolean>>(() => Promise.resolve(false));

/** Runs a request, and after an authentication once more if the core asks for one. */
export function useFresh(purpose: Purpose) {
  const ask = useContext(AskContext);
  return async <V>(send: () => Promise<V>): Promise<V> => {
    try {
      return await send();
    } catch (error) {
      if (failureOf(error).code !== 'reauthentication-needed' || !(await ask(purpose))) throw error;
      return send();
    }
  };
}
