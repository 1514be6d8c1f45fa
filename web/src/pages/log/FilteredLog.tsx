import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { count } from '../../logic/text';
import { Empty } from '../../ui/Empty';
import { ProblemNote } from '../../ui/ProblemNote';
import { EntryRow } from './EntryRow';
import type { LogFilter } from './LogFilters';
import { VirtualRows } from '../../ui/VirtualRows';

const PAGE = 100;

/// What a filter finds, newest first. The node looks through its log piece by piece; more is asked for when the end comes into sight.
export function FilteredLog({ id, filter, open }: { id: string; filter: LogFilter; open: (offset: number) => void }) {
  const found = useInfiniteQuery({
    queryKey: ['log-found', id, filter], initialPageParam: Number.MAX_SAFE_INTEGER,
    queryFn: ({ pageParam }) => api.log(id, { before: pageParam, limit: PAGE, ...filter }),
    getNextPageParam: page => page.next ?? null,
  });
  const entries = found.data?.pages.flatMap(page => page.entries) ?? [];
  const more = found.hasNextPage && !found.isFetching ? () => void found.fetchNextPage() : undefined;
  // A page may be empty although the log goes on: then the next one is asked for at once.
  if (entries.length < PAGE) more?.();
  if (found.error) return <ProblemNote failure={found.error} />;
  if (entries.length === 0) return found.isFetching || found.hasNextPage ? <p role="status">Looking…</p> : <Empty title="No entry is like that" />;
  return (
    <>
      <p className="soft" role="status">{count(entries.length, 'entry', 'entries')} found{found.hasNextPage ? ' so far' : ''}.</p>
      <VirtualRows count={entries.length} label="Entries that the filter found, newest first" row={index => <EntryRow entry={entries[index]!} open={open} head={false} />}
        shows={(_, last) => { if (last >= entries.length - 20) more?.(); }} />
    </>
  );
}
