import type { LineState } from '../api/line';
import type { Status } from '../api/types';
import { href } from '../logic/route';
import bee from './bee.svg';
import { Id } from './Id';
import { ThemeButton } from './ThemeButton';

const PAGES = [['', 'Home'], ['spaces', 'Spaces'], ['conflicts', 'Conflicts'], ['hives', 'Hives'], ['projects', 'Projects'], ['mesh', 'Mesh'], ['explain', 'Explain'], ['settings', 'Settings']] as const;

const COLOURS = { green: 'green: in sync', yellow: 'yellow: working or waiting', red: 'red: stuck' } as const;

export function Nav({ route, status, line }: { route: string[]; status: Status | undefined; line: LineState }) {
  const conflicts = status?.spaces.reduce((sum, space) => sum + space.conflicts, 0) ?? 0;
  const here = route[0] === 'swarm' ? 'projects' : route[0] === 'hub' ? 'mesh' : route[0] ?? '';
  const away = line === 'away';
  const light = away || status === undefined ? 'off' : status.light.color;
  return (
    <header className="top">
      <a className="brand" href={href()}><img src={bee} alt="" width="28" height="28" /> Waggle</a>
      <nav aria-label="Pages">
        {PAGES.map(([page, name]) => (
          <a key={page} href={href(...(page === '' ? [] : [page]))} aria-current={here === page ? 'page' : undefined}>
            {name}{page === 'conflicts' && conflicts > 0 && <span className="badge" aria-label={`${conflicts} open`}>{conflicts}</span>}
          </a>
        ))}
      </nav>
      <div className="node">
        <span className={`dot ${light}`} role="img" aria-label={light === 'off' ? 'no connection to the node' : COLOURS[light]} />
        {away ? <span role="alert">The node does not answer; trying again.</span> : status && <span>node <Id id={status.node} /></span>}
        <ThemeButton />
      </div>
    </header>
  );
}
