import { api } from '../../api/client';
import { queryClient, useSettings } from '../../api/queries';
import { href } from '../../logic/route';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';

const NAME = 'compaction.automatic';

/// Whether this node makes its logs small by itself. It is a setting of the node, not of one space.
export function AutomaticSwitch() {
  const { data } = useSettings();
  const work = useWork();
  const value = (name: string) => data?.settings.find(setting => setting.name === name)?.value;
  if (data === undefined) return null;
  async function change(on: boolean) {
    await work.run(() => api.setSetting(NAME, on));
    await queryClient.invalidateQueries({ queryKey: ['settings'] });
  }
  return (
    <>
      <label className="check"><input type="checkbox" checked={value(NAME) === true} disabled={work.busy} onChange={event => change(event.target.checked)} /> This node makes the logs of all its spaces small by itself</label>
      <p className="soft">{value(NAME) === true ? `What lies below a checkpoint of ${String(value('compaction.retention_days'))} days is condensed. ` : 'Only when somebody presses the button. '}<a href={href('settings')}>Settings</a></p>
      <ProblemNote failure={work.failure} />
    </>
  );
}
