import { Remote } from '../../ui/Remote';

/// What is said in place of a text that was deleted or removed.
export function Gone({ state, reason }: { state: string; reason: string | null | undefined }) {
  return <p className="soft">({state === 'removed' ? 'removed by a moderator' : 'deleted by its author'}{reason ? <>: <Remote text={reason} /></> : ''})</p>;
}
