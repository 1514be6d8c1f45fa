import { Problem } from '../api/client';
import { Remote } from './Remote';

/// What went wrong and what to do, read out at once.
export function ProblemNote({ failure }: { failure: unknown }) {
  if (failure === null || failure === undefined) return null;
  const message = failure instanceof Error ? failure.message : String(failure);
  return <p className="problem" role="alert"><strong><Remote text={message} /></strong> {failure instanceof Problem && <Remote text={failure.remedy} />}</p>;
}
