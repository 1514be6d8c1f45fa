import { useState, type KeyboardEvent } from 'react';
import { shown } from '../../logic/text';
import { Field } from '../../ui/Field';
import { Remote } from '../../ui/Remote';

/// Words that can be added and taken away. What stands in the line and was not added yet is told as `rest`, so that it is not lost.
export function LabelsField({ labels, change, rest, changeRest }: { labels: string[]; change: (labels: string[]) => void; rest: string; changeRest: (text: string) => void }) {
  const [said, setSaid] = useState('');
  function add() {
    const label = rest.trim();
    if (label === '') return;
    if (!labels.includes(label)) change([...labels, label]);
    setSaid(`Label ${shown(label)} added.`);
    changeRest('');
  }
  function pressed(event: KeyboardEvent) {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    add();
  }
  function drop(label: string) {
    change(labels.filter(each => each !== label));
    setSaid(`Label ${shown(label)} taken away.`);
  }
  return (
    <Field label="Labels" hint={<>Enter adds one. <code>run:NAME</code> lets a node carry the task out by the command of that name.</>}>
      {ids => (
        <>
          <div className="chips">
            {labels.map(label => <span key={label} className="chip"><Remote text={label} /><button type="button" className="quiet" onClick={() => drop(label)} aria-label={`Take label ${shown(label)} away`}>✕</button></span>)}
            <input {...ids} value={rest} maxLength={80} onChange={event => changeRest(event.target.value)} onKeyDown={pressed} autoComplete="off" />
          </div>
          <span className="said-aloud" role="status">{said}</span>
        </>
      )}
    </Field>
  );
}
