// A code that somebody chose for what they write: kept over a lock beside the words, gone when the words change.
import { useKept } from '@/lib/kept';
import type { CodeChoice, ConceptRow } from '@/api/types';

export type Chosen = Pick<ConceptRow, 'system' | 'systemName' | 'release' | 'code' | 'display'>;

export type Coded = { text: string; chosen: Chosen | null; set(text: string, chosen: Chosen | null): void; clear(): void };

/** What the core is told of it. */
export const choiceOf = (chosen: Chosen | null): CodeChoice | null => (chosen === null ? null : { system: chosen.system, code: chosen.code });

/** `J45.909 ICD-10-CM 2026` */
export const label = ({ code, systemName, release }: Chosen) => `${code} ${systemName} ${release}`;

/** The words of a field and the code that was chosen for them; `first` are the words that it begins with. */
export function useCoded(name: string, first = ''): Coded {
  const [text, setText] = useKept<string>(name, first);
  const [kept, setKept] = useKept<string>(`${name}/code`, '');
  const set = (next: string, chosen: Chosen | null) => {
    setText(next);
    setKept(chosen === null ? '' : JSON.stringify(chosen));
  };
  return { text, chosen: readBack(kept), set, clear: () => set(first, null) };
}

/** A newer or an older program may have kept it: what is none is no code. */
function readBack(kept: string): Chosen | null {
  if (kept === '') return null;
  try {
    const found: unknown = JSON.parse(kept);
    return isChosen(found) ? found : null;
  } catch {
    return null;
  }
}

function isChosen(found: unknown): found is Chosen {
  if (typeof found !== 'object' || found === null) return false;
  const parts = found as Record<string, unknown>;
  return ['system', 'systemName', 'release', 'code', 'display'].every((part) => typeof parts[part] === 'string');
}
