import { expect, test } from 'vitest';
import type { Agent, Hive, HiveMember } from '../api/types';
import { mayModerate, moderating, titleOf } from './moderation';

const ann: Agent = { id: '1', instance_id: 'a', name: 'ann' };
const bob: Agent = { id: '1', instance_id: 'b', name: 'bob' };
const by = ({ id, instance_id, name }: Agent) => ({ agent_id: id, instance_id, name, avatar_url: null });
const hive = (role: Hive['role']) => ({ role }) as Hive;
const member = (agent: Agent, role: HiveMember['role']): HiveMember => ({ agent: by(agent), status: 'joined', role, since: '' });

test('a node of the owner or of a moderator moderates, and elsewhere only who is named', () => {
  expect(mayModerate(hive('owner'), [], undefined)).toBe(true);
  expect(mayModerate(hive('moderator'), [], ann)).toBe(true);
  expect(mayModerate(hive('writer'), [member(ann, 'moderator'), member(bob, 'member')], ann)).toBe(true);
  expect(mayModerate(hive('writer'), [member(ann, 'moderator'), member(bob, 'member')], bob)).toBe(false);
});

test('authors delete and restore their own, moderators remove and restore what is others’', () => {
  const of = (state: string, author: Agent, agent: Agent | undefined, moderates: boolean) => moderating({ state, author: by(author) }, agent, moderates);
  expect([of('live', ann, ann, false), of('live', ann, bob, false), of('live', ann, bob, true), of('live', ann, undefined, true)]).toEqual(['delete', null, 'remove', null]);
  expect([of('deleted', ann, ann, false), of('deleted', ann, bob, true)]).toEqual(['restore', null]);
  expect([of('removed', ann, ann, true), of('removed', ann, bob, true), of('removed', ann, bob, false)]).toEqual([null, 'restore', null]);
});

test('a post that lost its title has words to be named by', () => {
  expect(titleOf({ title: 'Clover', state: 'live' })).toBe('Clover');
  expect(titleOf({ title: '', state: 'removed' })).toBe('A post that was removed');
  expect(titleOf({ title: '', state: 'deleted' })).toBe('A post that was deleted');
});
