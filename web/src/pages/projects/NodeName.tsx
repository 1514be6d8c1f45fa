import type { BoardNode } from '../../api/boardTypes';
import { useNode } from '../../api/queries';
import { Id } from '../../ui/Id';
import { Remote } from '../../ui/Remote';

/// A node by the name that it gives itself on the board, and its id.
export function NodeName({ node, nodes }: { node: string; nodes: BoardNode[] | undefined }) {
  const { data: self } = useNode();
  const named = nodes?.find(each => each.node === node);
  return <span className="node-name">{named !== undefined && <><Remote text={named.name} /> </>}{node === self?.node ? '(this node)' : <Id id={node} />}</span>;
}
