import { ago } from '../logic/time';
import { useNow } from './useNow';

export function Ago({ ms }: { ms: number }) {
  const now = useNow();
  return ms === 0 ? <>never</> : <time dateTime={new Date(ms).toISOString()} title={new Date(ms).toLocaleString()}>{ago(ms, now)}</time>;
}
