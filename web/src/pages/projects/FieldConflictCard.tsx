import { useState, type FormEvent } from 'react';
import type { BoardNode, FieldConflict, FieldValue } from '../../api/boardTypes';
import { boards } from '../../api/projects';
import { queryClient } from '../../api/queries';
import { canMerge, FIELD_NAMES, merged, read } from '../../logic/fields';
import { href } from '../../logic/route';
import { brief, shown } from '../../logic/text';
import { Ago } from '../../ui/Ago';
import { Field } from '../../ui/Field';
import { Modal } from '../../ui/Modal';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';
import { NodeName } from './NodeName';

/// One field of a task that two nodes set without knowing of each other: what is shown, what was passed over, and the three ways out.
///
/// @param choice whether it is chosen for a decision on many; left out where there is none
export function FieldConflictCard({ conflict, project, nodes, settled, named = brief, choice }: {
  conflict: FieldConflict; project?: string; nodes: BoardNode[] | undefined; settled: () => unknown; named?: (id: string) => string; choice?: { chosen: boolean; toggle: () => void };
}) {
  const [merging, setMerging] = useState(false);
  const work = useWork();
  const field = FIELD_NAMES[conflict.field] ?? conflict.field;
  async function settle(keep: 'shown' | 'other' | 'value', value?: FieldValue) {
    const done = await work.run(() => boards.settle(conflict.task_id, conflict.id, keep, value));
    if (done === undefined) return;
    setMerging(false);
    await queryClient.invalidateQueries({ queryKey: ['board-conflicts'] });
    settled();
  }
  return (
    <article className="card field-conflict" aria-label={`Conflict about ${field.toLowerCase()} of ${shown(conflict.title)}`}>
      <header>
        {choice !== undefined && <input type="checkbox" checked={choice.chosen} onChange={choice.toggle} aria-label={`Choose the conflict about ${field.toLowerCase()} of ${shown(conflict.title)}`} />}
        <h2>{field}: two values</h2>
        {project !== undefined && <a href={href('projects', project, 'tasks', conflict.task_id)}><Remote text={conflict.title} /></a>}
      </header>
      <div className="versions">
        <div className="shown"><h3>Shown</h3><p className="said"><Remote text={read(conflict.field, conflict.shown, named)} /></p></div>
        <div><h3>Other</h3><p className="said"><Remote text={read(conflict.field, conflict.other, named)} /></p><small>by <NodeName node={conflict.node} nodes={nodes} />, <Ago ms={Date.parse(conflict.at)} /></small></div>
      </div>
      <p className="soft">Two nodes set it without knowing of each other; the later is shown. What is decided here holds on all nodes.</p>
      <ProblemNote failure={work.failure} />
      <div className="row">
        <button type="button" className="main" disabled={work.busy} onClick={() => settle('shown')}>Reject the other</button>
        <button type="button" disabled={work.busy} onClick={() => settle('other')}>Take the other</button>
        {canMerge(conflict) && <button type="button" disabled={work.busy} onClick={() => setMerging(true)}>Merge…</button>}
      </div>
      <Modal open={merging} onClose={() => setMerging(false)} title={`Merge: ${field.toLowerCase()}`}>{merging && <MergeForm conflict={conflict} busy={work.busy} failure={work.failure} named={named} merge={value => settle('value', value)} />}</Modal>
    </article>
  );
}

function MergeForm({ conflict, busy, failure, named, merge }: { conflict: FieldConflict; busy: boolean; failure: unknown; named: (id: string) => string; merge: (value: FieldValue) => void }) {
  const [value, setValue] = useState<FieldValue>(() => merged(conflict));
  const field = FIELD_NAMES[conflict.field] ?? conflict.field;
  function submit(event: FormEvent) {
    event.preventDefault();
    merge(value === '' && conflict.field === 'assignee' ? null : value);
  }
  return (
    <form onSubmit={submit}>
      <p className="soft">All that either of the two has; change it as it should be.</p>
      {Array.isArray(value) ? (
        <fieldset className="choice">
          <legend>{field}</legend>
          {(merged(conflict) as string[]).map(each => (
            <label key={each} className="check"><input type="checkbox" checked={value.includes(each)} onChange={event => setValue(event.target.checked ? [...value, each] : value.filter(one => one !== each))} /> <Remote text={conflict.field === 'depends_on' ? named(each) : each} /></label>
          ))}
        </fieldset>
      ) : (
        <Field label={field}>{ids => conflict.field === 'description'
          ? <textarea {...ids} rows={10} maxLength={40_000} value={String(value ?? '')} onChange={event => setValue(event.target.value)} />
          : <input {...ids} required={conflict.field === 'title'} maxLength={500} value={String(value ?? '')} onChange={event => setValue(event.target.value)} autoComplete="off" />}</Field>
      )}
      <ProblemNote failure={failure} />
      <button className="main" disabled={busy}>Use this on all nodes</button>
    </form>
  );
}
