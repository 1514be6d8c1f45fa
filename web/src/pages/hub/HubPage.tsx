import { useState, type FormEvent } from 'react';
import { changed, hub, useLink, useOrganisations } from '../../api/hub';
import { href } from '../../logic/route';
import { Card } from '../../ui/Card';
import { Empty } from '../../ui/Empty';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';
import { Audit } from './Audit';
import { HubProjects } from './HubProjects';
import { Keys } from './Keys';
import { Nodes } from './Nodes';
import { Sure } from './Sure';
import { Users } from './Users';
import './hub.css';

/// What a hub knows: organisations, and for each its nodes, keys, projects and users.
export function HubPage({ id }: { id: string | undefined }) {
  const { data: link } = useLink();
  const { data: organisations, error } = useOrganisations();
  const of = organisations?.find(each => each.id === id) ?? organisations?.[0];
  if (link?.is_hub === false) return <><h1>Hub</h1><p>This node is no hub. <code>./waggle up --hub</code> makes it one.</p></>;
  return (
    <>
      <h1>Hub</h1>
      <ProblemNote failure={error} />
      <Card title="Organisations" actions={<AddOrganisation />}>
        {organisations?.length === 0 && <Empty title="No organisations yet"><p>An organisation has keys for its nodes, projects that they share, and users who look after all that. Make one to begin.</p></Empty>}
        {organisations !== undefined && organisations.length > 0 && (
          <nav className="row" aria-label="Organisations">{organisations.map(each => <a key={each.id} className="button" href={href('hub', each.id)} aria-current={each.id === of?.id ? 'page' : undefined}><Remote text={each.name} /></a>)}</nav>
        )}
      </Card>
      {of !== undefined && (
        <div key={of.id}>
          <Card title={`Nodes of ${of.name}`}><Nodes of={of} /></Card>
          <Card title="API keys"><Keys of={of} /></Card>
          <Card title="Projects"><HubProjects of={of} /></Card>
          <Card title="Users"><Users of={of} /></Card>
          <Card title="Audit log of this hub"><Audit /></Card>
          <p><Sure label="Remove the organisation" name={of.name} title="Remove the organisation" act={() => hub.removeOrganisation(of.id)}>
            <p>No key and no user of <strong><Remote text={of.name} /></strong> comes in any more. What its nodes share among each other stays theirs.</p>
          </Sure></p>
        </div>
      )}
    </>
  );
}

function AddOrganisation() {
  const [name, setName] = useState('');
  const work = useWork();
  async function add(event: FormEvent) {
    event.preventDefault();
    const made = await work.run(() => hub.addOrganisation(name.trim()));
    if (made === undefined) return;
    setName('');
    await changed();
    location.hash = href('hub', made.id);
  }
  return (
    <form className="row add" onSubmit={add}>
      <input aria-label="Name of a new organisation" required maxLength={80} value={name} onChange={event => setName(event.target.value)} placeholder="acme" autoComplete="off" />
      <button disabled={work.busy}>Make it</button>
      <ProblemNote failure={work.failure} />
    </form>
  );
}
