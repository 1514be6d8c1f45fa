import type { LogEntry } from '../../api/types';
import { rowPicture, type Lanes } from '../../logic/dag';
import { ROW_PX } from '../../ui/VirtualRows';

const LANE_PX = 20;
const MIDDLE = ROW_PX / 2;
const x = (lane: number) => LANE_PX / 2 + lane * LANE_PX;

/// From an event down to one that it merges: beside that one's lane, because events between them are none of its parents.
function merging(own: number, lane: number, rows: number | undefined): string {
  const beside = x(lane) + (own > lane ? 1 : -1) * LANE_PX * 0.4;
  const end = MIDDLE + (rows ?? 1) * ROW_PX;
  const bend = Math.min(ROW_PX * 0.8, (end - MIDDLE) / 2);
  return `M${x(own)} ${MIDDLE}Q${beside} ${MIDDLE} ${beside} ${MIDDLE + bend}V${end - bend}Q${beside} ${end} ${x(lane)} ${end}`;
}

/// The part of the picture beside one row: the chains that pass, this event's dot, and the way to what it merges.
export function DagCell({ entry, lanes, offsets, head }: { entry: LogEntry; lanes: Lanes; offsets: Map<string, number>; head: boolean }) {
  const picture = rowPicture(entry, lanes, offsets);
  const merge = picture.merges.length > 0;
  return (
    <svg className="dag" width={lanes.count * LANE_PX} height={ROW_PX} aria-hidden="true">
      {picture.lines.map((line, index) => <path key={index} className={`lane lane${line.lane % 6}`} d={`M${x(line.lane)} ${line.above ? 0 : MIDDLE}V${line.below ? ROW_PX : MIDDLE}`} />)}
      {picture.merges.map(({ lane, rows }, index) => <path key={`m${index}`} className={`lane lane${lane % 6}`} strokeDasharray={rows === undefined ? '2 3' : undefined} d={merging(picture.lane, lane, rows)} />)}
      {head && <circle className="ring" cx={x(picture.lane)} cy={MIDDLE} r="7.5" />}
      {entry.type === 'verdict_changed' ? <path className="turn" d={`M${x(picture.lane) - 5} ${MIDDLE - 5}l10 10m0-10l-10 10`} />
        : merge ? <rect className={`dot${picture.lane % 6} ${entry.verdict}`} x={x(picture.lane) - 4.5} y={MIDDLE - 4.5} width="9" height="9" transform={`rotate(45 ${x(picture.lane)} ${MIDDLE})`} />
        : <circle className={`dot${picture.lane % 6} ${entry.verdict}`} cx={x(picture.lane)} cy={MIDDLE} r="4.5" />}
    </svg>
  );
}
