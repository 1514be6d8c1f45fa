import { useStorage } from '../../api/queries';
import type { Space, Storage } from '../../api/types';
import { bytes, count } from '../../logic/text';
import { Card } from '../../ui/Card';
import { Id } from '../../ui/Id';
import { ProblemNote } from '../../ui/ProblemNote';
import { AutomaticSwitch } from './AutomaticSwitch';
import { CompactButton } from './CompactButton';

/// What a space takes on this machine, and what making its log small would change.
export function StorageCard({ space }: { space: Space }) {
  const { data: storage, error } = useStorage(space.id);
  if (error) return <Card title="Storage"><ProblemNote failure={error} /></Card>;
  if (storage === undefined) return null;
  return (
    <Card title="Storage">
      <dl className="facts">
        <dt>Log</dt><dd>{storage.log_bytes == null ? 'in the node’s database' : `${bytes(storage.log_bytes)} with its journal`}: {count(storage.events, 'event')}{storage.segments > 0 && `, of which ${(storage.events - storage.open_events).toLocaleString('en')} condensed into ${count(storage.segments, 'segment')} (${bytes(storage.segment_bytes)})`}</dd>
        <dt>Chunks</dt><dd>{storage.chunks === 0 ? 'none' : `${count(storage.chunks, 'chunk')} of large values and first rows, ${bytes(storage.chunk_bytes)}`}</dd>
        <dt>View</dt><dd>{bytes(storage.view_bytes)}, made from the log and can be made again</dd>
        {storage.file_bytes != null && <><dt>Tracked file</dt><dd>{bytes(storage.file_bytes)}</dd></>}
        <dt>Checkpoints</dt><dd>{storage.checkpoints_by == null ? 'nobody writes them: who was named is no member any more' : storage.writes_checkpoints ? 'written by this node' : <>written by node <Id id={storage.checkpoints_by} /></>}{storage.checkpoint == null && '; none yet'}</dd>
      </dl>
      <p>{gain(storage)}</p>
      <CompactButton space={space} applies={storage.would_condense > 0} />
      <AutomaticSwitch />
    </Card>
  );
}

function gain(storage: Storage): string {
  if (storage.would_condense > 0) return `Making the log small would condense ${count(storage.would_condense, 'event')}: what repeats in each of them goes, and small changes take about a tenth of the space. Nothing that can be read changes.`;
  if (storage.open_events > 1 && !storage.writes_checkpoints) return `${count(storage.open_events, 'event')} can be condensed once a checkpoint covers them.`;
  return 'There is nothing to condense.';
}
