// Something on every page of a node, and where each of them is.

import { shareGarden, task } from './boards.mjs';
import { sql, until } from './nodes.mjs';

/// @param world two nodes that share a database, as [pair] makes them
/// @return the pages of the first one, each with its name and place; and the shared project's ids on both
export async function everyPage({ a, b, link, files, space }) {
  await a.call('POST', '/api/v1/agents', { name: 'ann', key: false });
  const hive = await a.call('POST', '/api/v1/hives', { name: 'bees', description: 'All about honey' });
  const post = await a.call('POST', '/api/v1/hives/bees/posts', { title: 'Where is the clover?', content: 'I saw none.' });
  await a.call('POST', `/api/v1/posts/${post.id}/comments`, { content: 'Behind the hill.' });
  const { garden, remote } = await shareGarden(a, b, link);
  const { id } = await task(a, garden, 'Sow carrots');
  sql(files[0], "INSERT INTO notes VALUES ('1', 'Heather', 'late')");
  await until('B has the row', () => sql(files[1], 'SELECT count(*) FROM notes').trim() === '1');
  const event = (await a.call('GET', `/api/v1/spaces/${space}/log?limit=1`)).entries[0].id;
  const pages = [
    ['home', '#/'], ['start', '#/start'], ['spaces', '#/spaces'], ['space', `#/spaces/${space}`], ['log', `#/spaces/${space}/log`], ['rows', `#/spaces/${space}/rows`], ['conflicts', '#/conflicts'],
    ['hives', '#/hives'], ['hive', `#/hives/${hive.id}`], ['hive-about', `#/hives/${hive.id}/about`], ['hive-post', `#/hives/${hive.id}/${post.id}`],
    ['projects', '#/projects'], ['board', `#/projects/${garden}`], ['board-task', `#/projects/${garden}/tasks/${id}`], ['board-conflicts', `#/projects/${garden}/conflicts`], ['board-sharing', `#/projects/${garden}/sharing`],
    ['swarm', '#/swarm'], ['mesh', '#/mesh'], ['explain', '#/explain'], ['explained', `#/explain/event/${event}/${space}`], ['settings', '#/settings'], ['nothing', '#/nowhere'],
  ];
  return { pages, garden, remote };
}
