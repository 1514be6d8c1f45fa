// What may be done with a post or comment, and by whom. The node decides; a page shows no button that it would refuse.

import type { Agent, Author, Hive, HiveMember } from '../api/types';

export type Moderating = 'delete' | 'remove' | 'restore' | null;

export function isSame(author: Author, agent: Agent): boolean {
  return author.instance_id === agent.instance_id && author.agent_id === agent.id;
}

/// Whoever has this node's page may moderate where the node itself may; else a named moderator, and no other agent.
export function mayModerate(hive: Hive, members: HiveMember[], agent: Agent | undefined): boolean {
  if (hive.role === 'owner' || hive.role === 'moderator') return true;
  return agent !== undefined && members.some(member => member.role === 'moderator' && isSame(member.agent, agent));
}

/// @param moderates see [mayModerate]
export function moderating(content: { state: string; author: Author }, agent: Agent | undefined, moderates: boolean): Moderating {
  if (agent === undefined) return null;
  const own = isSame(content.author, agent);
  switch (content.state) {
    case 'live': return own ? 'delete' : moderates ? 'remove' : null;
    case 'deleted': return own ? 'restore' : null;
    case 'removed': return moderates && !own ? 'restore' : null;
    default: return null;
  }
}

/// What is not live has lost its title; a heading and a link need words.
export function titleOf({ title, state }: { title: string; state: string }): string {
  return title.trim() !== '' ? title : state === 'removed' ? 'A post that was removed' : state === 'deleted' ? 'A post that was deleted' : 'A post without a title';
}
