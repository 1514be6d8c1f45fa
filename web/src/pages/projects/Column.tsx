import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type DragEvent, type KeyboardEvent, type RefObject } from 'react';
import type { Task, TaskStatus } from '../../api/boardTypes';
import { mayBecome, STATUS_NAMES } from '../../logic/board';
import { count } from '../../logic/text';
import { TaskCard } from './TaskCard';

/// A card with a title of one line and the gap below it; what is drawn is measured.
const CARD_PX = 72;
const OVERSCAN = 6;

interface Props {
  status: TaskStatus; tasks: Task[]; all: ReadonlyMap<string, Task>; now: number; cut: boolean; onPhone: boolean; active: string | null; wanted: RefObject<TaskStatus | null>; nameOf: (node: string) => string;
  lifted: Task | null; over: boolean; onLift: (task: Task | null) => void; onOver: () => void; onDrop: () => void; onFocus: (id: string) => void;
  onKey: (event: KeyboardEvent, task: Task) => void; onMove: (task: Task, to: TaskStatus) => void;
}

/// One column of a board: of its cards only those in sight are in the page, and the one that the keyboard is on.
export function Column({ status, tasks, all, now, cut, onPhone, active, wanted, nameOf, lifted, over, onLift, onOver, onDrop, onFocus, onKey, onMove }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const at = active === null ? -1 : tasks.findIndex(task => task.id === active);
  const stop = Math.max(0, at);                            // the one card of the column that Tab stops at
  const rows = useVirtualizer({
    count: tasks.length, getScrollElement: () => box.current, estimateSize: () => CARD_PX, overscan: OVERSCAN, getItemKey: index => tasks[index]?.id ?? index,
    rangeExtractor: range => [...new Set([...defaultRangeExtractor(range), ...stop < range.count ? [stop] : []])].sort((a, b) => a - b),
  });
  const takes = lifted !== null && (lifted.status === status || mayBecome(lifted.status, status));

  useEffect(() => {
    if (at >= 0 && wanted.current === status) rows.scrollToIndex(at, { align: 'auto' });
  }, [at, active]);
  useEffect(() => {                                        // after every drawing, until the card is there
    if (at < 0 || wanted.current !== status) return;
    const card = box.current?.querySelector<HTMLElement>(`[data-task="${CSS.escape(active!)}"]`);
    if (card == null) return;
    wanted.current = null;
    card.focus({ preventScroll: true });
  });

  function dragged(event: DragEvent) {
    if (lifted === null || !takes) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'move';
    onOver();
  }
  return (
    <section className={`column ${onPhone ? 'on-phone' : ''} ${takes && over ? 'over' : ''} ${lifted !== null && !takes ? 'closed' : ''}`} aria-label={`${STATUS_NAMES[status]}, ${count(tasks.length, 'task')}`}
      onDragOver={dragged} onDrop={event => { event.preventDefault(); onDrop(); }}>
      <h2>{STATUS_NAMES[status]} <span className="soft">{tasks.length.toLocaleString('en')}</span></h2>
      <div className="cards" ref={box} tabIndex={-1}>
        {tasks.length === 0 && <p className="soft none">{over && takes ? 'Put it here' : 'Nothing here'}</p>}
        <ul style={{ height: rows.getTotalSize() }} aria-describedby="board-keys">
          {rows.getVirtualItems().map(item => {
            const task = tasks[item.index];
            return task !== undefined && (
              <li key={item.key} ref={rows.measureElement} data-index={item.index} style={{ transform: `translateY(${item.start}px)` }} aria-posinset={item.index + 1} aria-setsize={tasks.length}>
                <TaskCard task={task} all={all} now={now} nameOf={nameOf} tab={item.index === stop} lifted={lifted?.id === task.id} onLift={onLift} onFocus={onFocus} onKey={onKey} onMove={onMove} />
              </li>
            );
          })}
        </ul>
      </div>
      {cut && <p className="soft">There are more than are shown here: `waggle task list` has all.</p>}
    </section>
  );
}
