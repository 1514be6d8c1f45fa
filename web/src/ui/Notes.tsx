import { Remote } from './Remote';

/// Sentences of the node that a person should read.
export function Notes({ notes }: { notes: string[] }) {
  return notes.length === 0 ? null : <ul className="note">{notes.map(note => <li key={note}><Remote text={note} /></li>)}</ul>;
}
