import { useMemo, useSyncExternalStore } from 'react';
import { href, parts } from '../logic/route';

function listen(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}

/// The parts of the address, kept up to date.
export function useRoute(): string[] {
  const hash = useSyncExternalStore(listen, () => location.hash);
  return useMemo(() => parts(hash), [hash]);
}

export function go(...to: string[]): void {
  location.hash = href(...to);
}
