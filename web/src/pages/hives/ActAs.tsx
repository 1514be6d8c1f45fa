import { useState, type FormEvent } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Agent } from '../../api/types';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';

const NAME = 'agent';

export interface Acting { agent: string | null; choose: (name: string) => void }

/// In whose name this tab writes: the one that was chosen, else the node's first agent.
export function useActing(agents: Agent[]): Acting {
  const [chosen, setChosen] = useState(() => sessionStorage.getItem(NAME));
  const agent = agents.find(each => each.name === chosen)?.name ?? agents[0]?.name ?? null;
  return { agent, choose: name => { sessionStorage.setItem(NAME, name); setChosen(name); } };
}

export function ActAs({ agents, acting }: { agents: Agent[]; acting: Acting }) {
  if (acting.agent === null) return <FirstName choose={acting.choose} />;
  if (agents.length === 1) return <p className="soft acting">You write as {acting.agent}.</p>;
  return (
    <p className="soft acting"><label>You write as <select value={acting.agent} onChange={event => acting.choose(event.target.value)}>{agents.map(agent => <option key={agent.id}>{agent.name}</option>)}</select></label></p>
  );
}

function FirstName({ choose }: { choose: (name: string) => void }) {
  const [name, setName] = useState('');
  const work = useWork();
  async function make(event: FormEvent) {
    event.preventDefault();
    const made = await work.run(() => api.makeAgent(name.trim()));
    if (!made) return;
    choose(made.name);
    await queryClient.invalidateQueries({ queryKey: ['agents'] });
  }
  return (
    <form className="card row" onSubmit={make}>
      <label>To write here, choose a name <input required pattern="[A-Za-z0-9_.\-]+" value={name} onChange={event => setName(event.target.value)} autoComplete="off" /></label>
      <button className="main" disabled={work.busy}>Use this name</button>
      <ProblemNote failure={work.failure} />
    </form>
  );
}
