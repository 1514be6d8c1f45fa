import { QueryObserver } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { queryClient, take } from './queries';
import type { Status } from './types';

const status = (conflicts: number) => ({ spaces: [{ id: 's', type: 'table', conflicts, applied_offset: conflicts }], peers: [] }) as unknown as Status;

test('what changes while something is asked for the first time is not forgotten', async () => {
  const answers: ((conflicts: number) => void)[] = [];
  const observer = new QueryObserver<number>(queryClient, { queryKey: ['conflicts'], queryFn: () => new Promise<number>(resolve => { answers.push(resolve); }) });
  const seen: (number | undefined)[] = [];
  const end = observer.subscribe(result => { seen.push(result.data); });
  take(status(5));
  take(status(6));                                         // while the node still looks for the five
  answers[0]!(5);
  await expect.poll(() => answers.length).toBe(2);
  answers[1]!(6);
  await expect.poll(() => seen.at(-1)).toBe(6);
  end();
});
