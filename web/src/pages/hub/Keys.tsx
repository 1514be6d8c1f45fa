import { useState, type FormEvent } from 'react';
import { changed, hub, useKeys, type Key, type Organisation, type ShownKey } from '../../api/hub';
import { Ago } from '../../ui/Ago';
import { CopyButton } from '../../ui/CopyButton';
import { Empty } from '../../ui/Empty';
import { Modal } from '../../ui/Modal';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';
import { Sure } from './Sure';

const SECRETS_LIVE = 2;

/// What nodes of the organisation come in with. A secret is shown when it is made, and never again.
export function Keys({ of }: { of: Organisation }) {
  const { data, error } = useKeys();
  const [name, setName] = useState('');
  const [shown, setShown] = useState<ShownKey | null>(null);
  const work = useWork();
  const keys = data?.filter(key => key.organisation === of.id);
  async function make(making: () => Promise<ShownKey>) {
    const made = await work.run(making);
    if (made === undefined) return;
    setShown(made);
    setName('');
    await changed();
  }
  async function add(event: FormEvent) {
    event.preventDefault();
    await make(() => hub.addKey(of.id, name.trim()));
  }
  return (
    <>
      <ProblemNote failure={error ?? work.failure} />
      {keys?.length === 0 && <Empty title="No keys yet"><p>A node needs one to come in: make one for each node, or for each place.</p></Empty>}
      {keys !== undefined && keys.length > 0 && (
        <table className="stacks">
          <thead><tr><th>Key</th><th>Live secrets</th><th>Act</th></tr></thead>
          <tbody>
            {keys.map(key => (
              <tr key={key.id}>
                <td data-label="Key"><Remote text={key.name} /></td>
                <td data-label="Live secrets"><ul className="plain">{key.secrets.map(secret => <SecretLine key={secret.id} of={key} id={secret.id} hint={secret.hint} created={secret.created_at} />)}</ul></td>
                <td data-label="Act"><span className="row">
                  <button type="button" className="small" disabled={work.busy || key.secrets.length >= SECRETS_LIVE} onClick={() => make(() => hub.rotateKey(key.id))} aria-label={`Rotate: ${key.name}`}
                    title={key.secrets.length >= SECRETS_LIVE ? 'Two secrets are live: revoke the older one first.' : undefined}>Rotate</button>
                  <Sure label="Revoke" name={key.name} title="Revoke the key" act={() => hub.revokeKey(key.id)}>
                    <p>Nodes that came in with <strong><Remote text={key.name} /></strong> are shown out within 5 seconds, and no secret of it opens anything again.</p>
                  </Sure>
                </span></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <form className="row add" onSubmit={add}>
        <input aria-label="Name of a new key" required maxLength={80} value={name} onChange={event => setName(event.target.value)} placeholder="berlin" autoComplete="off" />
        <button disabled={work.busy}>Make a key</button>
      </form>
      <SecretDialog shown={shown} onClose={() => setShown(null)} />
    </>
  );
}

function SecretLine({ of, id, hint, created }: { of: Key; id: string; hint: string; created: string }) {
  return (
    <li className="row"><code>{hint}…</code> <span className="soft">made <Ago ms={Date.parse(created)} /></span>
      {of.secrets.length > 1 && <Sure label="Revoke this one" name={`${of.name}, ${hint}`} title="Revoke one secret" act={() => hub.revokeSecret(of.id, id)}>
        <p>Nodes that still use the secret that begins with <code>{hint}</code> are shown out within 5 seconds. The other one stays.</p>
      </Sure>}
    </li>
  );
}

function SecretDialog({ shown, onClose }: { shown: ShownKey | null; onClose: () => void }) {
  return (
    <Modal open={shown !== null} onClose={onClose} title="The new secret">
      {shown !== null && (
        <>
          <p>It is shown now and never again. Put it into a file that only the node may read, and name the file in <code>WAGGLE_NODE_API_KEY_FILE</code>.</p>
          <p><code className="secret">{shown.secret}</code></p>
          <div className="row"><CopyButton text={shown.secret} label="Copy" /></div>
          {shown.secrets.length > 1 && <p className="soft">The key has two live secrets now: give the nodes the new one, then revoke the older one.</p>}
        </>
      )}
    </Modal>
  );
}
