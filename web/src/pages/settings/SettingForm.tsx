import { useEffect, useState, type FormEvent } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Setting, SettingValue } from '../../api/types';
import { fromText, label, toText } from '../../logic/settings';
import { Field } from '../../ui/Field';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';

/// One setting. What the node refuses is said beside it, in the node's words for this field.
export function SettingForm({ setting }: { setting: Setting }) {
  const now = toText(setting);
  const [text, setText] = useState(now);
  const [saved, setSaved] = useState(false);
  const work = useWork();
  useEffect(() => setText(now), [now]);

  async function save(value: SettingValue) {
    setSaved(false);
    if (await work.run(() => api.setSetting(setting.name, value)) === undefined) return;
    setSaved(true);
    await queryClient.invalidateQueries({ queryKey: ['settings'] });
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    void save(fromText(setting, text));
  }
  return (
    <form className="setting" onSubmit={submit}>
      <Field label={label(setting.name)} hint={<>{setting.says} {setting.kind !== 'flag' && toText({ ...setting, value: setting.default }) !== '' && <>Default: {toText({ ...setting, value: setting.default })}.</>}</>}>
        {ids => setting.kind === 'flag'
          ? <select {...ids} value={text} disabled={!setting.editable || work.busy} onChange={event => setText(event.target.value)}><option value="true">yes</option><option value="false">no</option></select>
          : <input {...ids} value={text} disabled={!setting.editable || work.busy} inputMode={setting.kind === 'number' ? 'numeric' : undefined} onChange={event => setText(event.target.value)} spellCheck={false} autoComplete="off" />}
      </Field>
      {!setting.editable && <p className="soft">It was named when the node was started, and cannot be changed here.</p>}
      <ProblemNote failure={work.failure} />
      <div className="row">
        {text !== now && <button className="main small" disabled={work.busy} aria-label={`Save: ${label(setting.name)}`}>Save</button>}
        {text !== now && <button type="button" className="small" onClick={() => setText(now)}>As it was</button>}
        {text === now && setting.editable && !setting.is_default && <button type="button" className="small" disabled={work.busy} onClick={() => save(null)} aria-label={`Use the default: ${label(setting.name)}`}>Use the default</button>}
        <span role="status" className="soft">{saved && text === now ? 'Saved; it holds from now on.' : ''}</span>
      </div>
    </form>
  );
}
