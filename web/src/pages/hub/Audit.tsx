import { useAudit, type Audited } from '../../api/hub';
import { brief } from '../../logic/text';
import { Ago } from '../../ui/Ago';
import { Empty } from '../../ui/Empty';
import { Id } from '../../ui/Id';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';

const ROWS_MAX = 100;

/// Who changed what, and who was not let in.
export function Audit() {
  const { data, error } = useAudit();
  if (error) return <ProblemNote failure={error} />;
  if (data?.changes.length === 0) return <Empty title="Nothing was changed yet" />;
  return (
    <>
      {(data?.refused?.length ?? 0) > 0 && (
        <details><summary>Not let in since the hub started: {data!.refused!.length}</summary>
          <ul className="plain">{data!.refused!.slice(0, ROWS_MAX).map((each, i) => <li key={i}><Ago ms={Date.parse(each.at)} /> <Remote text={each.who.length === 64 ? brief(each.who) : each.who} />: <Remote text={each.why} /></li>)}</ul>
        </details>
      )}
      <table className="stacks">
        <thead><tr><th>When</th><th>Who</th><th>What</th><th>New values</th></tr></thead>
        <tbody>
          {data?.changes.slice(0, ROWS_MAX).map(each => (
            <tr key={each.offset}>
              <td data-label="When" className="short"><Ago ms={Date.parse(each.at)} /></td>
              <td data-label="Who" className="short">{each.by === 'operator' ? 'operator' : <Id id={each.by} />}</td>
              <td data-label="What"><span>{each.what.replace('_changed', '')} <Id id={each.id} /></span></td>
              <td data-label="New values"><Remote text={values(each)} /></td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="soft">The {Math.min(ROWS_MAX, data?.changes.length ?? 0)} newest. <code>waggle hub audit</code> shows all; <code>waggle log verify hub</code> proves that nothing was taken out.</p>
    </>
  );
}

function values(change: Audited): string {
  return Object.entries(change.fields).map(([name, value]) => name.endsWith('_ms') && typeof value === 'number' ? `${words(name.slice(0, -3))} ${new Date(value).toLocaleString()}`
    : `${words(name)} ${typeof value === 'string' && /^([0-9a-f]{16}|[0-9a-f]{64})$/.test(value) ? brief(value) : String(value)}`).join(', ');
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}
