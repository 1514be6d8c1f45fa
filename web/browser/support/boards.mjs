// Two nodes that share a project, and how its pages are read in tests.

import { until } from './nodes.mjs';

/// Beds and seeds: a task in every column.
export const GARDEN = [['Dig the beds', {}], ['Sow carrots', { labels: ['soil'], assignee: 'Anna', priority: 1 }], ['Order seeds', { priority: 0, labels: ['shop'] }], ['Mend the fence', { priority: 3 }],
  ['Paint the shed', { status: 'done' }], ['Clean the tools', { status: 'inreview', assignee: 'Bert' }], ['Buy a tractor', { status: 'cancelled' }]];

/// A shared project of `a`, which `b` has joined over the link; its ids on both.
export async function shareGarden(a, b, link) {
  const garden = (await a.board('POST', '/api/projects', { name: 'garden' })).id;
  for (const [title, set] of GARDEN) await a.board('POST', `/api/projects/${garden}/tasks`, { title, ...set });
  const { space } = await a.board('POST', `/api/projects/${garden}/share`, {});
  const { ticket } = await a.call('POST', '/api/v1/invite', { space, addresses: [link.address] });
  const remote = (await b.board('POST', '/api/projects/join', { ticket })).id;
  await until('B has the tasks', () => task(b, remote, 'Buy a tractor'));
  return { garden, remote };
}

export const open = (page, node, ...where) => page.goto(`http://${node.rest}/#/${where.join('/')}`);
export const column = (page, name) => page.getByRole('region', { name: new RegExp(`^${name}, `) });
export const card = (page, where, title) => column(page, where).getByRole('link', { name: title });
export const task = async (node, project, title) => (await node.board('GET', `/api/projects/${project}/tasks?limit=500`)).tasks.find(each => each.title === title);
