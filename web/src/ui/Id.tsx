import { brief } from '../logic/text';

/// An id by its beginning; the whole of it when one points at it.
export function Id({ id }: { id: string }) {
  return <code className="id" title={id}>{brief(id)}</code>;
}
