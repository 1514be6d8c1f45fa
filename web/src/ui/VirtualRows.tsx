import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';

export const ROW_PX = 34;
const OVERSCAN = 12;
/// A browser draws no list that is higher than about so many rows.
export const ROWS_MAX = 900_000;

/// A list of up to [ROWS_MAX] rows of which only what is in sight is in the page. The arrow keys, Page Up and Page Down, Home and End move it.
export function VirtualRows({ count, label, row, shows }: { count: number; label: string; row: (index: number) => ReactNode; shows?: (first: number, last: number) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count, getScrollElement: () => box.current, estimateSize: () => ROW_PX, overscan: OVERSCAN });
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => shows?.(first, last), [first, last, count]);
  return (
    <div className="rows" ref={box} style={{ maxHeight: rows.getTotalSize() + 2 }} tabIndex={0} role="region" aria-label={label}>
      <ul style={{ height: rows.getTotalSize() }}>
        {items.map(item => (
          <li key={item.key} style={{ height: ROW_PX, transform: `translateY(${item.start}px)` }} aria-posinset={item.index + 1} aria-setsize={count}>{row(item.index)}</li>
        ))}
      </ul>
    </div>
  );
}
