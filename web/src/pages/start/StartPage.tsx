import { useState, type ReactNode } from 'react';
import { Modal } from '../../ui/Modal';
import { CreateHiveForm } from '../hives/CreateHiveForm';
import { CreateProjectForm } from '../projects/CreateProjectForm';
import { JoinForm } from '../spaces/JoinForm';
import { TrackForm } from '../spaces/TrackForm';
import { go } from '../../ui/useRoute';
import './start.css';

type Way = 'track' | 'join' | 'create' | 'project';

const WAYS: Record<Way, { title: string; says: string; button: string; form: ReactNode }> = {
  track: { title: 'Track a database', says: 'You have a SQLite database here and want it on other machines, too. Programs that use it need no change.', button: 'Track…', form: <TrackForm /> },
  join: { title: 'Join a space', says: 'Somebody gave you a ticket. Its tables fill a file on this machine, or its posts appear under Hives and its tasks under Projects.', button: 'Join…', form: <JoinForm /> },
  create: { title: 'Create a hive', says: 'A place for posts, comments and votes that lives on several machines and works on each of them alone.', button: 'Create…', form: <CreateHiveForm /> },
  project: { title: 'Create a project', says: 'A board of tasks: for this machine alone, or for several nodes that share the work and can carry tasks out.', button: 'Create…', form: <CreateProjectForm /> },
};

/// The first four ways into Waggle. The address says so once one is taken: the page stays when there is a space.
export function StartPage() {
  const [way, setWay] = useState<Way | null>(null);
  function take(chosen: Way) {
    setWay(chosen);
    go('start');
  }
  return (
    <>
      <h1>Welcome. What should this node share?</h1>
      <p className="soft">A node keeps its own copy of everything and works without a network. Choose one way to begin; the others stay open.</p>
      <div className="ways">
        {(Object.keys(WAYS) as Way[]).map(each => (
          <section key={each} className="card">
            <h2>{WAYS[each].title}</h2>
            <p>{WAYS[each].says}</p>
            <button type="button" className="main" onClick={() => take(each)} aria-label={WAYS[each].title}>{WAYS[each].button}</button>
          </section>
        ))}
      </div>
      {way !== null && <Modal open onClose={() => setWay(null)} title={WAYS[way].title}>{WAYS[way].form}</Modal>}
    </>
  );
}
