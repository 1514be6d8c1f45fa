import type { Author } from '../../api/types';
import { useNode } from '../../api/queries';
import { Ago } from '../../ui/Ago';
import { NodeId } from '../../ui/NodeNames';
import { Remote } from '../../ui/Remote';

/// Who wrote it, on which instance, when.
export function AuthorLine({ author, at }: { author: Author; at: string }) {
  const { data: node } = useNode();
  const ms = Date.parse(at);
  return (
    <span className="soft"><Remote className="author" text={author.name} /> on {author.instance_id === node?.node ? 'this node' : <>node <NodeId node={author.instance_id} /></>} · {Number.isNaN(ms) ? <Remote text={at} /> : <Ago ms={ms} />}</span>
  );
}
