import { useState } from 'react';
import { useTables } from '../../api/queries';
import type { Space } from '../../api/types';
import { rowHref } from '../../logic/explain';
import { shown } from '../../logic/text';
import { Field } from '../../ui/Field';
import { ProblemNote } from '../../ui/ProblemNote';

/// Asks for a row by its table and primary key.
export function RowForm({ spaces }: { spaces: Space[] }) {
  const [chosen, setChosen] = useState('');
  const [named, setNamed] = useState('');
  const [values, setValues] = useState<Record<string, string>>({});
  const space = spaces.find(each => each.id === chosen) ?? spaces[0];
  const { data, error } = useTables(space?.id);
  if (space === undefined) return null;
  const tables = data?.tables ?? [];
  const table = tables.find(each => each.name === named) ?? tables[0];
  return (
    <form className="row ask" aria-label="A row" onSubmit={event => {
      event.preventDefault();
      if (table !== undefined) location.hash = rowHref(space.id, table.name, table.key.map(column => values[column] ?? ''));
    }}>
      {spaces.length > 1 && (
        <Field label="Space">{ids => <select {...ids} value={space.id} onChange={event => setChosen(event.target.value)}>{spaces.map(each => <option key={each.id} value={each.id}>{shown(each.name)}</option>)}</select>}</Field>
      )}
      <Field label="Table">{ids => <select {...ids} value={table?.name ?? ''} onChange={event => setNamed(event.target.value)}>{tables.map(each => <option key={each.name} value={each.name}>{shown(each.name)}</option>)}</select>}</Field>
      {table?.key.map(column => (
        <Field key={column} label={shown(column)} hint="of the primary key">{ids => <input {...ids} value={values[column] ?? ''} onChange={event => setValues({ ...values, [column]: event.target.value })} spellCheck={false} autoComplete="off" />}</Field>
      ))}
      <button type="submit" disabled={table === undefined}>Explain the row</button>
      <ProblemNote failure={error} />
    </form>
  );
}
