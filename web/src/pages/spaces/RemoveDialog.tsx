import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Space } from '../../api/types';
import { count } from '../../logic/text';
import { NodeId } from '../../ui/NodeNames';
import { Modal } from '../../ui/Modal';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';

/// Removes a member, after showing what that would void.
export function RemoveDialog({ space, node, onClose }: { space: Space; node: string; onClose: () => void }) {
  const [all, setAll] = useState(false);
  const work = useWork();
  const { data: preview, error } = useQuery({ queryKey: ['preview', space.id, node, all], queryFn: () => api.previewRemoval(space.id, node, all), staleTime: 0 });

  async function remove() {
    if (await work.run(() => api.remove(space.id, node, all)) === undefined) return;
    await queryClient.invalidateQueries({ queryKey: ['members', space.id] });
    onClose();
  }
  return (
    <Modal open onClose={onClose} title="Remove a member">
      <p>Node <NodeId node={node} /> gets nothing new of this space, and what it writes from now on has no effect on the others.</p>
      <fieldset className="choice">
        <legend>What it wrote before</legend>
        <label className="check"><input type="radio" name="cut" checked={!all} onChange={() => setAll(false)} /> counts, as far as it is known here</label>
        <label className="check"><input type="radio" name="cut" checked={all} onChange={() => setAll(true)} /> becomes void, all of it</label>
      </fieldset>
      <p className="note" role="status">
        {preview === undefined ? 'Looking what that would void…' : preview.events === 0 ? 'Nothing that is here becomes void.'
          : `${count(preview.events, 'event')} would become void; ${preview.more ? 'at least ' : ''}${count(preview.records, 'record')} would change back.`}
      </p>
      <ProblemNote failure={error ?? work.failure} />
      <div className="row"><button type="button" className="danger" disabled={work.busy || preview === undefined} onClick={remove}>Remove it</button><button type="button" onClick={onClose}>Keep it</button></div>
    </Modal>
  );
}
