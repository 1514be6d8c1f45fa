import { useState } from 'react';
import { useChains, useSpace } from '../../api/queries';
import { count } from '../../logic/text';
import { href } from '../../logic/route';
import { Card } from '../../ui/Card';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { EntryDialog } from './EntryDialog';
import { FilteredLog } from './FilteredLog';
import { LogFilters, NO_FILTER, type LogFilter } from './LogFilters';
import { WaitingList } from './WaitingList';
import { WholeLog } from './WholeLog';
import './log.css';

/// The log of a space, newest first: all of it with the picture of its chains, or what a filter finds.
export function LogPage({ id }: { id: string }) {
  const { data: space, error } = useSpace(id);
  const { data: chains, error: chainsError } = useChains(id);
  const [filter, setFilter] = useState<LogFilter>(NO_FILTER);
  const [open, setOpen] = useState<number | null>(null);
  if (error ?? chainsError) return <><h1>Log</h1><ProblemNote failure={error ?? chainsError} /></>;
  if (space === undefined || chains === undefined) return <p role="status">Asking the node…</p>;
  const filtered = filter !== NO_FILTER && (filter.type !== '' || filter.origin !== '' || filter.verdict !== '');
  return (
    <>
      <h1>Log of <a href={href('spaces', space.id)}><Remote text={space.name} /></a></h1>
      <WaitingList waiting={chains.waiting} />
      <Card title={`${count(space.log_offset, 'entry', 'entries')} in ${count(chains.chains_count, 'chain')}`}>
        <LogFilters chains={chains.chains} filter={filter} change={setFilter} />
        {filtered ? <FilteredLog id={space.id} filter={filter} open={setOpen} /> : <WholeLog id={space.id} last={space.log_offset} chains={chains.chains} open={setOpen} />}
      </Card>
      {open !== null && <EntryDialog id={space.id} offset={open} onClose={() => setOpen(null)} />}
    </>
  );
}
