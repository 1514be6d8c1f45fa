import { useState } from 'react';
import { eventHref } from '../../logic/explain';
import { Field } from '../../ui/Field';

/// Asks for an event by the beginning of its id.
export function EventForm() {
  const [id, setId] = useState('');
  const clean = id.trim().toLowerCase();
  const usable = /^[0-9a-f]{4,64}$/.test(clean);
  return (
    <form className="row ask" aria-label="An event" onSubmit={event => { event.preventDefault(); if (usable) location.hash = eventHref(clean); }}>
      <Field label="Event" hint="The beginning of its id, four digits at least: it stands in the log and in every explanation.">
        {ids => <input {...ids} value={id} onChange={event => setId(event.target.value)} placeholder="3fa1c2d4" spellCheck={false} autoComplete="off" maxLength={64} />}
      </Field>
      <button type="submit" disabled={!usable}>Explain the event</button>
    </form>
  );
}
