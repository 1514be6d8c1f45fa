import { useState, type FormEvent } from 'react';
import { takeTasks, type Board } from '../../api/board';
import type { Project, TaskFields, TaskInFull } from '../../api/boardTypes';
import { boards } from '../../api/projects';
import { PRIORITIES } from '../../logic/board';
import { changedMeanwhile, changes, FIELD_NAMES, fieldsOf, read } from '../../logic/fields';
import { Field } from '../../ui/Field';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';
import { LabelsField } from './LabelsField';
import { NeedsField } from './NeedsField';

const EMPTY: TaskFields = { title: '', description: '', priority: 2, labels: [], depends_on: [], assignee: null };

function Inputs({ fields, change, rest, changeRest, self, board }: { fields: TaskFields; change: (fields: TaskFields) => void; rest: string; changeRest: (text: string) => void; self: string | null; board: Board | undefined }) {
  return (
    <>
      <Field label="Title">{ids => <input {...ids} required maxLength={500} value={fields.title} onChange={event => change({ ...fields, title: event.target.value })} autoComplete="off" />}</Field>
      <Field label="Description">{ids => <textarea {...ids} rows={6} maxLength={40_000} value={fields.description} onChange={event => change({ ...fields, description: event.target.value })} />}</Field>
      <div className="pair-of-fields">
        <Field label="Priority">{ids => <select {...ids} value={fields.priority} onChange={event => change({ ...fields, priority: Number(event.target.value) })}>{PRIORITIES.map((says, value) => <option key={says} value={value}>{says}</option>)}</select>}</Field>
        <Field label="Assignee">{ids => <input {...ids} maxLength={80} value={fields.assignee ?? ''} onChange={event => change({ ...fields, assignee: event.target.value === '' ? null : event.target.value })} placeholder="a person" autoComplete="off" />}</Field>
      </div>
      <LabelsField labels={fields.labels} change={labels => change({ ...fields, labels })} rest={rest} changeRest={changeRest} />
      <NeedsField self={self} needs={fields.depends_on} change={depends_on => change({ ...fields, depends_on })} all={board?.tasks ?? new Map()} />
    </>
  );
}

/// What a form says, with the label that was typed and not added yet.
function whole(fields: TaskFields, rest: string): TaskFields {
  const label = rest.trim();
  return label === '' || fields.labels.includes(label) ? fields : { ...fields, labels: [...fields.labels, label] };
}

export function NewTaskForm({ project, board, close }: { project: Project; board: Board | undefined; close: () => void }) {
  const [fields, setFields] = useState(EMPTY);
  const [rest, setRest] = useState('');
  const work = useWork();
  async function make(event: FormEvent) {
    event.preventDefault();
    const said = changes(EMPTY, whole(fields, rest));
    const made = await work.run(() => boards.add(project.id, said));
    if (!made) return;
    takeTasks(project.id, [[made.id, made]]);
    close();
  }
  return (
    <form onSubmit={make}>
      <Inputs fields={fields} change={setFields} rest={rest} changeRest={setRest} self={null} board={board} />
      <ProblemNote failure={work.failure} />
      <button className="main" disabled={work.busy}>Make the task</button>
    </form>
  );
}

/// Changes a task. Only what was changed here is written; where somebody else changed the same meanwhile, it is said before it is written over.
export function EditTaskForm({ task, board, close, done }: { task: TaskInFull; board: Board | undefined; close: () => void; done: () => void }) {
  const [before, setBefore] = useState(() => fieldsOf(task));
  const [fields, setFields] = useState(before);
  const [rest, setRest] = useState('');
  const [meanwhile, setMeanwhile] = useState<{ field: keyof TaskFields; now: string }[]>([]);
  const work = useWork();
  async function save(event: FormEvent) {
    event.preventDefault();
    const saved = await work.run(async () => {
      const mine = changes(before, whole(fields, rest));
      if (Object.keys(mine).length === 0) return true;
      const node = await boards.task(task.id);
      const others = changedMeanwhile(before, fieldsOf(node), mine);
      setMeanwhile(others.map(field => ({ field, now: read(field, fieldsOf(node)[field], id => board?.tasks.get(id)?.title ?? id) })));
      if (others.length > 0) {
        setBefore(fieldsOf(node));
        setFields({ ...fieldsOf(node), ...mine });
        setRest('');
        return false;
      }
      await boards.edit(task.id, mine, node.version);
      return true;
    });
    if (!saved) return;
    done();
    close();
  }
  return (
    <form onSubmit={save}>
      <Inputs fields={fields} change={setFields} rest={rest} changeRest={setRest} self={task.id} board={board} />
      {meanwhile.length > 0 && (
        <div className="note" role="alert">
          <p><strong>Somebody else changed this meanwhile.</strong> Nothing is written yet: the form has your text. Save again to write over what is there now:</p>
          <ul>{meanwhile.map(({ field, now }) => <li key={field}>{FIELD_NAMES[field]}: <Remote text={now} /></li>)}</ul>
        </div>
      )}
      <ProblemNote failure={work.failure} />
      <button className="main" disabled={work.busy}>Save</button>
    </form>
  );
}
