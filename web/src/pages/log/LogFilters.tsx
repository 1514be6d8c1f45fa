import type { Chain } from '../../api/types';
import { brief } from '../../logic/text';

export interface LogFilter { type: string; origin: string; verdict: string }

export const NO_FILTER: LogFilter = { type: '', origin: '', verdict: '' };

export function LogFilters({ chains, filter, change }: { chains: Chain[]; filter: LogFilter; change: (filter: LogFilter) => void }) {
  const origins = [...new Set(chains.map(chain => chain.origin))];
  return (
    <form className="row filters" onSubmit={event => event.preventDefault()} aria-label="Filters">
      <label>Type <input value={filter.type} onChange={event => change({ ...filter, type: event.target.value.trim() })} placeholder="any, e.g. batch" list="types" spellCheck={false} autoComplete="off" /></label>
      <datalist id="types">{TYPES.map(type => <option key={type} value={type} />)}</datalist>
      <label>Written by <select value={filter.origin} onChange={event => change({ ...filter, origin: event.target.value })}>
        <option value="">anybody</option>
        {origins.map(origin => <option key={origin} value={origin}>{brief(origin)}</option>)}
      </select></label>
      <label>Worth <select value={filter.verdict} onChange={event => change({ ...filter, verdict: event.target.value })}>
        <option value="">anything</option><option value="counts">counts</option><option value="void">void</option>
      </select></label>
      <button type="button" className="small" disabled={filter.type === '' && filter.origin === '' && filter.verdict === ''} onClick={() => change(NO_FILTER)}>Clear</button>
    </form>
  );
}

const TYPES = ['batch', 'bulk', 'genesis', 'table_schema', 'member_added', 'member_removed', 'role_changed', 'epoch_opened', 'verdict_changed', 'post_created', 'comment_created', 'vote_cast', 'task_created', 'task_updated', 'task_claimed', 'task_finished'];
