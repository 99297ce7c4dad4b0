// What a list or a field looked like, kept over a lock by whoever stands around the pages: typed text, what is open. Nothing stays here.
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';

export type Kept = string | number | boolean | null;

/** Keeps values by name; a value of null is forgotten. */
export type Keeper = { read(name: string): Kept | undefined; write(name: string, value: Kept): void };

const nobody: Keeper = { read: () => undefined, write: () => undefined };
const KeeperContext = createContext<Keeper>(nobody);
const OutermostContext = createContext<Keeper>(nobody);

/** Everything below keeps with this keeper. */
export function KeepWith({ keeper, children }: { keeper: Keeper; children: ReactNode }) {
  return (
    <OutermostContext value={keeper}>
      <KeeperContext value={keeper}>{children}</KeeperContext>
    </OutermostContext>
  );
}

/** What is not stored yet is kept under this name, wherever the user goes, until it is. */
export const unstored = 'unstored';

/** Keeps what must not be left behind with a page: text that the core has not stored. */
export function useUnstored(): Keeper {
  const outermost = useContext(OutermostContext);
  return useMemo<Keeper>(
    () => ({ read: (inner) => outermost.read(`${unstored}/${inner}`), write: (inner, value) => outermost.write(`${unstored}/${inner}`, value) }),
    [outermost],
  );
}

/** Everything below keeps under this name, so that two of a kind do not meet. */
export function KeepUnder({ name, children }: { name: string; children: ReactNode }) {
  const outer = useContext(KeeperContext);
  const keeper = useMemo<Keeper>(
    () => ({ read: (inner) => outer.read(`${name}/${inner}`), write: (inner, value) => outer.write(`${name}/${inner}`, value) }),
    [outer, name],
  );
  return <KeeperContext value={keeper}>{children}</KeeperContext>;
}

/** A value that is written only, and read when its owner is drawn for the first time: where a list was scrolled to. */
export function useKeptAtFirst<V extends Kept>(name: string, initial: V): [V, (value: V) => void] {
  const keeper = useContext(KeeperContext);
  const [first] = useState(() => kept(keeper, name, initial));
  const write = useCallback((value: V) => keeper.write(name, value === initial ? null : value), [keeper, name, initial]);
  return [first, write];
}

/** Like `useState`, for a value that an unlock brings back. */
export function useKept<V extends Kept>(name: string, initial: V): [V, (value: V) => void] {
  const [first, write] = useKeptAtFirst(name, initial);
  const [value, setValue] = useState(first);
  const set = useCallback(
    (next: V) => {
      setValue(next);
      write(next);
    },
    [write],
  );
  return [value, set];
}

/** A newer or an older program may have written it: what is of another kind does not count. */
function kept<V extends Kept>(keeper: Keeper, name: string, initial: V): V {
  const found = keeper.read(name);
  if (found === undefined || found === null) return initial;
  return initial === null || typeof found === typeof initial ? (found as V) : initial;
}
