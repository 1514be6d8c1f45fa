import { useSettings } from '../../api/queries';
import type { Settings } from '../../api/types';
import { Card } from '../../ui/Card';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { AccessCard } from './AccessCard';
import { FixedTable } from './FixedTable';
import { SettingForm } from './SettingForm';
import { ThemeCard } from './ThemeCard';
import './settings.css';

/// What can be changed while the node runs, and how to change the rest.
export function SettingsPage() {
  const { data, error } = useSettings();
  if (error) return <><h1>Settings</h1><ProblemNote failure={error} /></>;
  if (data === undefined) return <p role="status">Asking the node…</p>;
  return (
    <>
      <h1>Settings</h1>
      <div className="columns">
        <div>
          <Part title="This node" names={['board.node_name', 'board.public_url', 'addresses']} data={data} />
          <ThemeCard />
          <AccessCard tokenFile={data.token_file} />
        </div>
        <div>
          <Part title="Logs" names={['compaction.']} data={data} />
          <Part title="Peers and alerts" names={['sync.', 'board.offline']} data={data} />
        </div>
      </div>
      <Card title="What takes another start">
        <FixedTable settings={data.fixed} />
        <p className="soft">The settings file is <code><Remote text={data.file} /></code> on the machine where this node runs.</p>
      </Card>
    </>
  );
}

function Part({ title, names, data }: { title: string; names: readonly string[]; data: Settings }) {
  return (
    <Card title={title}>
      {data.settings.filter(setting => names.some(name => setting.name.startsWith(name))).map(setting => <SettingForm key={setting.name} setting={setting} />)}
    </Card>
  );
}
