import { useCallback, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { moveTask, type Board } from '../../api/board';
import type { Project, Task, TaskStatus } from '../../api/boardTypes';
import { useBoardNodes } from '../../api/queries';
import { carried, columns, STATUS_NAMES, STATUSES, stepped, whyNot, type TaskFilter } from '../../logic/board';
import { count, shown } from '../../logic/text';
import { ProblemNote } from '../../ui/ProblemNote';
import { useNow } from '../../ui/useNow';
import { Column } from './Column';

/// A card that the keyboard or the pointer has picked up, and the column it is over.
interface Lifted { task: Task; over: TaskStatus | null; byKeys: boolean }

/// The columns of a board. Cards go from one to another by dragging, by keys, and by the list on each card; what happens is told to screen readers.
export function Kanban({ project, board, filter }: { project: Project; board: Board; filter: TaskFilter }) {
  const shownColumns = useMemo(() => columns(board.tasks.values(), filter), [board, filter]);
  const { data: nodes } = useBoardNodes(project.id);
  const nameOf = useCallback((node: string) => nodes?.find(each => each.node === node)?.name ?? node.slice(0, 8), [nodes]);
  const [active, setActive] = useState<string | null>(null);
  const [phone, setPhone] = useState<TaskStatus>('todo');
  const [lifted, setLifted] = useState<Lifted | null>(null);
  const [said, setSaid] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  const now = useNow();
  const wanted = useRef<TaskStatus | null>(null);         // the column where the keyboard has to follow the active card to, as soon as it is drawn there
  const number = STATUSES.reduce((sum, status) => sum + shownColumns[status].length, 0);

  function focus(id: string, column: TaskStatus) {
    wanted.current = column;
    setActive(id);
  }

  async function move(task: Task, to: TaskStatus) {
    setLifted(null);
    const why = whyNot(task.status, to);
    if (why !== '') return setSaid(why);
    if (to === task.status) return setSaid(`${shown(task.title)} stays in ${STATUS_NAMES[to]}.`);
    setFailure(null);
    setSaid(`${shown(task.title)} moved to ${STATUS_NAMES[to]}.`);
    try {
      await moveTask(task, to);
    } catch (problem) {
      wanted.current &&= task.status;
      setFailure(problem);
      setSaid(`${shown(task.title)} was not moved.`);
    }
  }

  function pressed(event: KeyboardEvent, task: Task) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (lifted?.byKeys) return carry(event);
    if (event.key === ' ') {
      event.preventDefault();
      setLifted({ task, over: task.status, byKeys: true });
      setSaid(`${shown(task.title)} picked up from ${STATUS_NAMES[task.status]}. Left and right choose a column, Space puts it down, Escape leaves it where it was.`);
      return;
    }
    const at = { column: task.status, index: shownColumns[task.status].findIndex(each => each.id === task.id) };
    const to = stepped(shownColumns, at, event.key);
    if (to === at && !event.key.startsWith('Arrow')) return;
    event.preventDefault();
    const next = shownColumns[to.column][to.index];
    if (next === undefined) return;
    setPhone(to.column);
    focus(next.id, to.column);
  }

  function carry(event: KeyboardEvent) {
    const { task, over } = lifted!;
    if (event.key === 'Escape') {
      setLifted(null);
      setSaid(`${shown(task.title)} stays in ${STATUS_NAMES[task.status]}.`);
    } else if (event.key === ' ' || event.key === 'Enter') {
      focus(task.id, over!);
      setPhone(over!);
      void move(task, over!);
    } else if (event.key === 'Tab') {
      setLifted(null);
      setSaid(`${shown(task.title)} stays in ${STATUS_NAMES[task.status]}.`);
      return;
    } else {
      const next = carried(task.status, over!, event.key);
      if (next !== over) setSaid(`Over ${STATUS_NAMES[next]}, ${count(shownColumns[next].length, 'task')}.`);
      setLifted({ task, over: next, byKeys: true });
    }
    event.preventDefault();
  }

  return (
    <>
      <p className="soft keys" id="board-keys">Drag a card to another column. With the keyboard: arrows go from card to card, <kbd>Enter</kbd> opens one, <kbd>Space</kbd> picks it up, then <kbd>←</kbd> <kbd>→</kbd> and <kbd>Space</kbd> again.</p>
      <p className="said-aloud" role="status" aria-live="assertive">{said}</p>
      <ProblemNote failure={failure} />
      {number === 0 && <p className="soft" role="status">No task fits the filter.</p>}
      <div className="row column-choice" role="group" aria-label="Column to show">
        {STATUSES.map(status => <button key={status} type="button" className="small" aria-pressed={phone === status} onClick={() => setPhone(status)}>{STATUS_NAMES[status]} <b>{shownColumns[status].length.toLocaleString('en')}</b></button>)}
      </div>
      <div className={`kanban ${lifted === null ? '' : 'lifting'}`}>
        {STATUSES.map(status => (
          <Column key={status} status={status} tasks={shownColumns[status]} all={board.tasks} now={now} cut={board.cut.includes(status)} onPhone={phone === status} active={active} wanted={wanted} nameOf={nameOf}
            lifted={lifted?.task ?? null} over={lifted?.over === status} onLift={task => setLifted(task === null ? null : { task, over: null, byKeys: false })}
            onOver={() => { if (lifted !== null && lifted.over !== status) setLifted({ ...lifted, over: status }); }} onDrop={() => { if (lifted !== null) void move(lifted.task, status); }}
            onFocus={setActive} onKey={pressed} onMove={(task, to) => void move(task, to)} />
        ))}
      </div>
    </>
  );
}
