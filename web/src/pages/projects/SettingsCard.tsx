import type { SwarmSettings } from '../../api/boardTypes';
import { href } from '../../logic/route';
import { duration } from '../../logic/time';
import { Card } from '../../ui/Card';
import { Remote, RemoteLink } from '../../ui/Remote';

/// What this node is set to do on boards. It is read from a file, so that nobody can have commands run over the network who could not write that file.
export function SettingsCard({ settings }: { settings: SwarmSettings }) {
  const { executor } = settings;
  const commands = Object.entries(executor.commands);
  return (
    <Card title="Swarm settings of this node">
      <dl className="facts">
        <dt>Node name</dt><dd>{settings.node_name === null ? <span className="soft">not set: the beginning of its id</span> : <Remote text={settings.node_name} />}</dd>
        <dt>Found at</dt><dd>{settings.public_url === null ? <span className="soft">not set</span> : <RemoteLink text={settings.public_url} />}</dd>
        <dt>Out of touch after</dt><dd>{settings.offline_after_hours} h without another node</dd>
        <dt>Executor</dt><dd><strong>{executor.enabled ? 'on' : 'off'}</strong>{executor.enabled ? ': this node carries tasks out' : ': this node carries nothing out'}</dd>
        {executor.enabled && <><dt>At once</dt><dd>{executor.slots}</dd><dt>Lease</dt><dd>{duration(executor.lease_ms)}, begins {duration(executor.settle_ms)} after the claim</dd></>}
        <dt>Projects</dt><dd>{executor.projects.length === 0 ? 'all' : executor.projects.map((name, index) => <span key={name}>{index > 0 && ', '}<Remote text={name} /></span>)}</dd>
      </dl>
      <h3 className="sub">Commands that may be run</h3>
      {commands.length === 0 ? <p className="soft">None: no task can have anything run here.</p> : (
        <table className="stacks">
          <thead><tr><th>Name</th><th>Label of a task</th><th>Command</th></tr></thead>
          <tbody>{commands.map(([name, words]) => <tr key={name}><td data-label="Name"><Remote text={name} /></td><td data-label="Label of a task">{name === 'default' ? 'none' : <code><Remote text={`run:${name}`} /></code>}</td><td data-label="Command"><code><Remote text={words.join(' ')} /></code></td></tr>)}</tbody>
        </table>
      )}
      <p className="soft">These are set in <code><Remote text={settings.file} /></code>, member <code>board</code>. Name, address and hours are changed under <a href={href('settings')}>Settings</a>. What may be run is read when the node starts and cannot be changed from here: whoever could, could run programs on this machine.</p>
    </Card>
  );
}
