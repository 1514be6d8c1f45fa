import type { Conflict } from '../../api/types';
import { choices, fieldRows, KINDS, versions, type Choice } from '../../logic/conflict';
import { shownRowHref } from '../../logic/explain';
import { count } from '../../logic/text';
import { Ago } from '../../ui/Ago';
import { NodeId } from '../../ui/NodeNames';
import { Remote } from '../../ui/Remote';
import { RestoreForm } from './RestoreForm';

/// One conflict: its versions side by side, who wrote which when, and which rule chose.
export function ConflictCard({ conflict, self, busy, chosen, toggle, settle }: {
  conflict: Conflict; self: string; busy: boolean; chosen: boolean; toggle: () => void; settle: (keep: Choice['keep']) => void;
}) {
  const all = versions(conflict);
  const way = shownRowHref(conflict.space, conflict.table, conflict.key);
  const name = `${conflict.table} ${conflict.key.join(', ')}`;
  return (
    <article className="card conflict" aria-label={`Conflict about ${name}`}>
      <header>
        <input type="checkbox" checked={chosen} onChange={toggle} aria-label={`Choose the conflict about ${name}`} />
        <h2><Remote text={conflict.table} /> <code><Remote text={conflict.key.join(', ')} /></code></h2>
        <span className="soft">in <Remote text={conflict.space_name} /> · {KINDS[conflict.kind]}{conflict.children > 0 && ` · ${count(conflict.children, 'row')} kept out with it`}</span>
      </header>
      <div className="scroll" tabIndex={0} role="region" aria-label={`Versions of ${name}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Field</th>
              {all.map(({ version, shown }) => (
                <th scope="col" key={version.event} className={shown ? 'shown' : ''}>
                  {shown ? 'Shown' : conflict.shown ? 'Other' : 'Kept out'}{version.deleted && ': deleted'}
                  <div className="who">{version.node === self ? 'this node' : <>node <NodeId node={version.node} /></>}, <Ago ms={version.time_ms} /></div>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {fieldRows(conflict).map(row => (
              <tr key={row.field} className={row.differs ? 'differs' : ''}>
                <th scope="row"><Remote text={row.field} />{row.concerned && <span className="flag">in conflict</span>}</th>
                {row.values.map((value, index) => <td key={index} className={all[index]!.shown ? 'shown' : ''}><Remote text={value} /></td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="soft">Why: <Remote text={conflict.says} />{way !== null && <> · <a href={way}>Explain this row</a></>}</p>
      <div className="row">
        {choices(conflict).map((choice, index) => <button key={choice.keep} type="button" className={index === 0 ? 'main' : ''} title={choice.says} disabled={busy} onClick={() => settle(choice.keep)}>{choice.label}</button>)}
        {(conflict.kind === 'constraint' || conflict.kind === 'same_key') && <RestoreForm conflict={conflict} />}
      </div>
    </article>
  );
}
