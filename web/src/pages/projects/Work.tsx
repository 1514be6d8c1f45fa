import type { BoardNode, Claim, Effect, TaskInFull } from '../../api/boardTypes';
import { isHeld } from '../../logic/board';
import { Ago } from '../../ui/Ago';
import { Card } from '../../ui/Card';
import { Remote } from '../../ui/Remote';
import { useNow } from '../../ui/useNow';
import { leaseSays, reported } from '../../logic/work';
import { NodeName } from './NodeName';

/// Who works on a task and how long that is granted, who did, and what came too late.
export function Work({ task, nodes }: { task: TaskInFull; nodes: BoardNode[] | undefined }) {
  const now = useNow(1_000);
  const held = isHeld(task, now);
  const running = task.claims.find(claim => claim.id === task.claim?.id);
  return (
    <Card title="Work">
      {held ? (
        <div className="working">
          <p><span className="dot green" aria-hidden="true" /> <strong><NodeName node={task.holder!} nodes={nodes} /></strong> works on it. Its lease {leaseSays(task.lease_until, now)}.</p>
          {running?.progress?.percent != null && <p><progress aria-label="How far the work is" max={100} value={running.progress.percent} /> {running.progress.percent} %</p>}
          {running?.progress != null && running.progress.note !== '' && <p><Remote text={running.progress.note} /></p>}
        </div>
      ) : <p className="soft">No node works on it now.{task.claims.length === 0 && ' A node claims it for the length of a lease, and renews that while it works.'}</p>}
      {task.claims.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-label="Claims">
          <table className="stacks">
            <thead><tr><th>Token</th><th>Node</th><th>Claimed</th><th>Lease</th><th>What became of it</th></tr></thead>
            <tbody>{task.claims.map(claim => <ClaimRow key={claim.id} claim={claim} nodes={nodes} running={held && claim === running} now={now} />)}</tbody>
          </table>
        </div>
      )}
      {task.refused.length > 0 && (
        <div className="refused">
          <h3 className="sub">Refused</h3>
          <p className="soft">Reports under a claim that did not hold, or not any more: the task went to another claim before. They changed nothing; this is what they were.</p>
          <ul className="plain" aria-label="Refused reports">
            {task.refused.map((effect, index) => <li key={index}><span className="flag bad">refused</span> {reported(effect)} by <NodeName node={effect.node} nodes={nodes} /> under token {effect.token}, <Ago ms={Date.parse(effect.at)} /><Note effect={effect} /></li>)}
          </ul>
        </div>
      )}
    </Card>
  );
}

function ClaimRow({ claim, nodes, running, now }: { claim: Claim; nodes: BoardNode[] | undefined; running: boolean; now: number }) {
  return (
    <tr>
      <td data-label="Token">{claim.token}</td>
      <td data-label="Node"><NodeName node={claim.node} nodes={nodes} /></td>
      <td data-label="Claimed"><Ago ms={Date.parse(claim.at)} /></td>
      <td data-label="Lease">{running ? leaseSays(claim.lease_until, now) : 'over'}</td>
      <td data-label="What became of it"><span>{!claim.counts ? 'another claim counts: nothing' : claim.end !== null ? <>{reported(claim.end)}<Note effect={claim.end} /></> : running ? 'works on it' : 'its lease ran out'}</span></td>
    </tr>
  );
}

function Note({ effect }: { effect: Effect }) {
  return effect.note === '' ? null : <>: <Remote text={effect.note} /></>;
}
