import { useState } from 'react';
import type { Task } from '../../api/boardTypes';
import { STATUS_NAMES } from '../../logic/board';
import { brief, shown } from '../../logic/text';
import { Field } from '../../ui/Field';
import { Remote } from '../../ui/Remote';

const FOUND_MAX = 8;

/// The tasks that have to be done before: found by words of their titles.
export function NeedsField({ self, needs, change, all }: { self: string | null; needs: string[]; change: (needs: string[]) => void; all: ReadonlyMap<string, Task> }) {
  const [text, setText] = useState('');
  const words = text.toLowerCase().split(/\s+/).filter(word => word !== '');
  const found = words.length === 0 ? [] : [...all.values()].filter(task => task.id !== self && !needs.includes(task.id)
    && words.every(word => `${task.title}\n${task.external_id ?? ''}`.toLowerCase().includes(word))).slice(0, FOUND_MAX);
  const title = (id: string) => all.get(id)?.title ?? brief(id);
  return (
    <Field label="Needs" hint="Tasks that have to be done before this one: type words of their titles.">
      {ids => (
        <div className="chips">
          {needs.map(id => <span key={id} className="chip"><Remote text={title(id)} /><button type="button" className="quiet" onClick={() => change(needs.filter(each => each !== id))} aria-label={`Needs ${shown(title(id))} no more`}>✕</button></span>)}
          <input {...ids} type="search" value={text} onChange={event => setText(event.target.value)} onKeyDown={event => { if (event.key === 'Enter') event.preventDefault(); }} autoComplete="off" />
          {found.length > 0 && (
            <ul className="found" aria-label="Tasks with these words">
              {found.map(task => <li key={task.id}><button type="button" className="small" onClick={() => { change([...needs, task.id]); setText(''); }}><Remote text={task.title} /> <span className="soft">{STATUS_NAMES[task.status]}</span></button></li>)}
            </ul>
          )}
        </div>
      )}
    </Field>
  );
}
