import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { shown } from '../../logic/text';
import { EventWay } from '../explain/Explanation';
import { CopyButton } from '../../ui/CopyButton';
import { Modal } from '../../ui/Modal';
import { ProblemNote } from '../../ui/ProblemNote';

/// One entry with the bytes its author signed.
export function EntryDialog({ id, offset, onClose }: { id: string; offset: number; onClose: () => void }) {
  const { data, error } = useQuery({ queryKey: ['entry', id, offset], queryFn: () => api.logEntry(id, offset), staleTime: 0 });
  const entry = data?.entries[0];
  return (
    <Modal open onClose={onClose} title={`Entry ${offset}`}>
      <ProblemNote failure={error} />
      {entry !== undefined && (
        <>
          <dl className="facts">
            <dt>Type</dt><dd>{shown(entry.type)}</dd>
            {entry.id !== undefined && <><dt>Id</dt><dd><code>{entry.id}</code></dd></>}
            <dt>Written by</dt><dd><code>{entry.origin}</code></dd>
            <dt>Epoch, number</dt><dd><code>{entry.epoch}</code> #{entry.seq}</dd>
            {entry.time !== undefined && <><dt>Time there</dt><dd>{entry.time}</dd></>}
            <dt>Worth</dt><dd>{entry.verdict === 'void' ? 'void: kept and passed on, without effect' : 'counts'}{entry.says !== '' && ` (${entry.says})`}</dd>
            {entry.prev != null && <><dt>Follows</dt><dd><code>{entry.prev}</code></dd></>}
            {(entry.merges ?? []).map(merge => <div className="pair" key={merge.id}><dt>Merges</dt><dd><code>{merge.id}</code> (#{merge.seq} of {merge.origin.slice(0, 8)})</dd></div>)}
          </dl>
          {entry.id !== undefined && <EventWay id={entry.id} space={id} />}
          {entry.payload !== undefined && (
            <>
              <pre className="payload" tabIndex={0} aria-label="What was signed">{shown(pretty(entry.payload))}</pre>
              <CopyButton text={entry.payload} label="Copy what was signed" />
            </>
          )}
        </>
      )}
    </Modal>
  );
}

function pretty(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}
