import type { TableRow } from '../../api/types';
import { cellSays, explainHref } from '../../logic/rows';
import { shown } from '../../logic/text';
import { Remote } from '../../ui/Remote';

/// One row. All of it leads to its explanation, where its key can be asked for.
export function RowCells({ space, table, row, columns }: { space: string; table: string; row: TableRow; columns: string[] }) {
  const way = explainHref(space, table, row);
  const cells = columns.map((column, i) => {
    const { text, soft } = cellSays(row.cells[i] ?? null);
    return <span key={column} className={soft ? 'cell soft' : 'cell'}><span className="said-aloud">{shown(column)}: </span><Remote text={text} /></span>;
  });
  return way === null ? <span className="cells" title="Its key is too long to be asked for here.">{cells}</span> : <a className="cells" href={way}>{cells}</a>;
}
