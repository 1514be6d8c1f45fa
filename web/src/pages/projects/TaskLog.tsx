import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useMemo, useRef, useState, type FormEvent } from 'react';
import type { BoardNode, TaskLogEntry } from '../../api/boardTypes';
import { boards } from '../../api/projects';
import { logLines, type LogLine } from '../../logic/taskLog';
import { brief, count, shown } from '../../logic/text';
import { Card } from '../../ui/Card';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';

const LINE_PX = 22;

/// The log of a task. Who stands at its end sees lines come; who has scrolled up is not moved.
///
/// @param far who carries the task out and is not connected to this node, where its lines could be read directly
export function TaskLog({ id, entries, far, failure, nodes, mayWrite }: { id: string; entries: TaskLogEntry[] | undefined; far: BoardNode | null; failure: unknown; nodes: BoardNode[] | undefined; mayWrite: boolean }) {
  const { lines, left } = useMemo(() => logLines(entries ?? []), [entries]);
  return (
    <Card title="Log" actions={<span className="soft" role="status">{count(lines.length, 'line')}{left > 0 && `, the newest of ${(lines.length + left).toLocaleString('en')}`}</span>}>
      <ProblemNote failure={failure} />
      {far !== null && <p className="soft"><Remote text={far.name} /> is not connected to this node, which reads its lines at <Remote text={far.public_url ?? ''} /> where it can; they are marked until they are in the log.</p>}
      {entries === undefined ? failure === null && <p>Asking the node…</p> : lines.length === 0 ? <p className="soft">Nothing yet. What a command prints that carries the task out comes here as it is printed; anybody can write a line.</p> : <Lines lines={lines} nodes={nodes} />}
      {mayWrite && <LineForm id={id} />}
    </Card>
  );
}

function Lines({ lines, nodes }: { lines: LogLine[]; nodes: BoardNode[] | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const rows = useVirtualizer({ count: lines.length, getScrollElement: () => box.current, estimateSize: () => LINE_PX, overscan: 20 });
  const nameOf = (node: string) => nodes?.find(each => each.node === node)?.name ?? brief(node);
  const last = lines.at(-1)?.key;
  useEffect(() => {
    if (atEnd.current) rows.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [last]);
  return (
    <div className="lines" ref={box} style={{ height: lines.length * LINE_PX + 20 }} tabIndex={0} role="region" aria-label="Lines of the log, oldest first" onScroll={event => { const at = event.currentTarget; atEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < 2 * LINE_PX; }}>
      <ul style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(item => {
          const line = lines[item.index];
          return line !== undefined && (
            <li key={item.key} style={{ height: LINE_PX, transform: `translateY(${item.start}px)` }} aria-posinset={item.index + 1} aria-setsize={lines.length} className={line.refused ? 'refused' : ''}>
              <span className="by"><time dateTime={line.at} title={new Date(line.at).toLocaleString()}>{new Date(line.at).toLocaleTimeString([], { hourCycle: 'h23' })}</time><span title={line.node}>{shown(nameOf(line.node))}</span></span>
              {line.refused && <span className="flag bad">refused</span>}{line.direct && <span className="flag">direct</span>}<Remote className="text" text={line.text} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function LineForm({ id }: { id: string }) {
  const [line, setLine] = useState('');
  const work = useWork();
  const label = useId();
  async function write(event: FormEvent) {
    event.preventDefault();
    if (await work.run(() => boards.write(id, line)) !== undefined) setLine('');
  }
  return (
    <form className="row add" onSubmit={write}>
      <label htmlFor={label} className="said-aloud">A line for the log</label>
      <input id={label} required maxLength={4_000} value={line} onChange={event => setLine(event.target.value)} placeholder="write a line to the log" autoComplete="off" />
      <button disabled={work.busy}>Write</button>
      <ProblemNote failure={work.failure} />
    </form>
  );
}
