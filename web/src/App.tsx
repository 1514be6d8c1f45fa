import { useCallback, useEffect, useRef } from 'react';
import { take, useStatus } from './api/queries';
import { useChannel, type Message } from './api/live';
import type { Status } from './api/types';
import { href } from './logic/route';
import { ConflictsPage } from './pages/conflicts/ConflictsPage';
import { ExplainPage } from './pages/explain/ExplainPage';
import { HivesPage } from './pages/hives/HivesPage';
import { HomePage } from './pages/home/HomePage';
import { HubPage } from './pages/hub/HubPage';
import { LogPage } from './pages/log/LogPage';
import { MeshPage } from './pages/mesh/MeshPage';
import { ProjectsPage } from './pages/projects/ProjectsPage';
import { SwarmPage } from './pages/projects/SwarmPage';
import { RowsPage } from './pages/rows/RowsPage';
import { SettingsPage } from './pages/settings/SettingsPage';
import { SpacePage } from './pages/spaces/SpacePage';
import { SpacesPage } from './pages/spaces/SpacesPage';
import { StartPage } from './pages/start/StartPage';
import { Boundary } from './ui/Boundary';
import { Nav } from './ui/Nav';
import { NodeNames } from './ui/NodeNames';
import { useRoute } from './ui/useRoute';

function page(route: string[], status: Status) {
  const [name, id, part, task] = route;
  switch (name) {
    case undefined: return status.spaces.length === 0 ? <StartPage /> : <HomePage status={status} />;
    case 'start': return <StartPage />;
    case 'spaces': return id === undefined ? <SpacesPage status={status} /> : part === 'log' ? <LogPage id={id} key={id} /> : part === 'rows' ? <RowsPage id={id} table={task?.slice(1)} key={id} /> : <SpacePage id={id} key={id} status={status} />;
    case 'conflicts': return <ConflictsPage status={status} />;
    case 'hives': return <HivesPage hive={id} post={part} />;
    case 'projects': return <ProjectsPage id={id} part={part} task={task} status={status} />;
    case 'swarm': return <SwarmPage />;
    case 'hub': return <HubPage id={id} />;
    case 'explain': return <ExplainPage asked={route.slice(1)} status={status} />;
    case 'settings': return <SettingsPage />;
    case 'mesh': return <MeshPage status={status} />;
    default: return <><h1>Nothing is here</h1><p><a href={href()}>Go to the beginning</a></p></>;
  }
}

/// The frame around every page. It follows the node's status and gives it to the page that is shown.
export function App() {
  const route = useRoute();
  const heard = useCallback((message: Message) => take(message.data as Status), []);
  const line = useChannel('status', heard);
  const { data: status } = useStatus();
  const main = useRef<HTMLElement>(null);
  const where = route[0] === 'start' ? '' : route.join('/');
  const first = useRef(true);
  useEffect(() => {                                        // whoever listens to the page hears that it is another one
    if (first.current) first.current = false;
    else main.current?.focus();
  }, [where]);
  return (
    <>
      <a className="skip" href="#main" onClick={event => { event.preventDefault(); main.current?.focus(); }}>Skip to the content</a>
      <Nav route={route} status={status} line={line} />
      <main id="main" ref={main} tabIndex={-1}>
        {line === 'unauthorised' ? <NotLetIn /> : status === undefined ? <p role="status">Asking the node…</p> : <NodeNames status={status}><Boundary key={where.split('/')[0]}>{page(route, status)}</Boundary></NodeNames>}
      </main>
    </>
  );
}

function NotLetIn() {
  return (
    <>
      <h1>This browser was not let in yet</h1>
      <p>Run <code>./waggle page</code> and open the link that it prints, or the one that <code>./waggle up</code> printed. A link works once, within 15 minutes; then this browser is in for 30 days, until you sign out.</p>
    </>
  );
}
