import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useState } from 'react';

const PAGE = 25;

/// A list of conflicts that comes page by page: so many of them are shown, and some are chosen, also those that are not shown yet.
export function useChosen<Conflict>({ data, hasNextPage, fetchNextPage }: UseInfiniteQueryResult<InfiniteData<{ conflicts: Conflict[]; conflicts_count: number }>>, keyOf: (conflict: Conflict) => string) {
  const [most, setMost] = useState(PAGE);
  const [chosen, setChosen] = useState(new Set<string>());
  const known = data?.pages.flatMap(page => page.conflicts) ?? [];
  const all = Math.max(known.length, hasNextPage ? data?.pages[0]?.conflicts_count ?? 0 : 0);

  async function chooseAll() {
    let loaded = known;
    for (let more = hasNextPage; more;) {
      const next = await fetchNextPage();
      if (next.data === undefined || next.isError) break;
      loaded = next.data.pages.flatMap(page => page.conflicts);
      more = next.hasNextPage;
    }
    setChosen(new Set(loaded.map(keyOf)));
  }
  function toggle(conflict: Conflict) {
    const next = new Set(chosen);
    if (!next.delete(keyOf(conflict))) next.add(keyOf(conflict));
    setChosen(next);
  }
  async function more() {
    if (known.length < most + PAGE && hasNextPage) await fetchNextPage();
    setMost(most + PAGE);
  }
  return {
    all, shown: known.slice(0, most), left: Math.max(0, all - most), more,
    chosen: known.filter(conflict => chosen.has(keyOf(conflict))), isChosen: (conflict: Conflict) => chosen.has(keyOf(conflict)), toggle, chooseAll, chooseNone: () => setChosen(new Set()),
  };
}
