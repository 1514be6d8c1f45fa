import type { LogEntry } from '../../api/types';
import { rowPicture, type Lanes } from '../../logic/dag';
import { ROW_PX } from './VirtualRows';

const LANE_PX = 16;
const MIDDLE = ROW_PX / 2;
const x = (lane: number) => LANE_PX / 2 + lane * LANE_PX;

/// The part of the picture beside one row: the chains that pass, this event's dot, and curves from what it merges.
export function DagCell({ entry, lanes, reaches, head }: { entry: LogEntry; lanes: Lanes; reaches: Map<string, number>; head: boolean }) {
  const picture = rowPicture(entry, lanes, reaches);
  const merge = picture.merges.length > 0;
  return (
    <svg className="dag" width={lanes.count * LANE_PX} height={ROW_PX} aria-hidden="true">
      {picture.lines.map((line, index) => <path key={index} className={`lane lane${line.lane % 6}`} d={`M${x(line.lane)} ${line.above ? 0 : MIDDLE}V${line.below ? ROW_PX : MIDDLE}`} />)}
      {picture.merges.map(from => <path key={`m${from}`} className={`lane lane${from % 6}`} d={`M${x(from)} ${ROW_PX}C${x(from)} ${MIDDLE} ${x(picture.lane)} ${ROW_PX} ${x(picture.lane)} ${MIDDLE}`} />)}
      {head && <circle className="ring" cx={x(picture.lane)} cy={MIDDLE} r="7.5" />}
      {entry.type === 'verdict_changed' ? <path className="turn" d={`M${x(picture.lane) - 5} ${MIDDLE - 5}l10 10m0-10l-10 10`} />
        : merge ? <rect className={`dot${picture.lane % 6} ${entry.verdict}`} x={x(picture.lane) - 4.5} y={MIDDLE - 4.5} width="9" height="9" transform={`rotate(45 ${x(picture.lane)} ${MIDDLE})`} />
        : <circle className={`dot${picture.lane % 6} ${entry.verdict}`} cx={x(picture.lane)} cy={MIDDLE} r="4.5" />}
    </svg>
  );
}
