import type { FixedSetting } from '../../api/types';
import { Remote } from '../../ui/Remote';

/// What the node read when it started, and how to change it.
export function FixedTable({ settings }: { settings: FixedSetting[] }) {
  return (
    <table className="stacks">
      <thead><tr><th>Setting</th><th>Now</th><th>How to change it</th></tr></thead>
      <tbody>{settings.map(setting => (
        <tr key={setting.name}><td data-label="Setting"><code>{setting.name}</code></td><td data-label="Now"><span><Remote text={setting.value} />{setting.next != null && <div className="flag">after a restart: <Remote text={setting.next} /></div>}</span></td><td data-label="How to change it"><Remote text={setting.how} /></td></tr>
      ))}</tbody>
    </table>
  );
}
