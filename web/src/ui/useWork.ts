import { useState } from 'react';
import type { Job } from '../api/types';

/// One piece of work that a button starts: whether it runs, how far it is, and why it failed.
export function useWork() {
  const [busy, setBusy] = useState(false);
  const [job, setJob] = useState<Job<unknown> | null>(null);
  const [failure, setFailure] = useState<unknown>(null);

  /// @return the result, or undefined when it failed
  async function run<Result>(work: (progress: (job: Job<unknown>) => void) => Promise<Result>): Promise<Result | undefined> {
    setBusy(true);
    setFailure(null);
    try {
      return await work(setJob);
    } catch (problem) {
      setFailure(problem);
      return undefined;
    } finally {
      setJob(null);
      setBusy(false);
    }
  }
  return { busy, job, failure, run };
}
