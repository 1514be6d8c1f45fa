import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, Browser, picture } from './support/browser.mjs';
import { pair, Place, sql, until } from './support/nodes.mjs';

const place = new Place();
let browser, world, onA, onB;

before(async () => {
  [browser, world] = await Promise.all([Browser.open(), pair(place)]);
  [onA, onB] = await Promise.all([browser.page(world.a), browser.page(world.b)]);
  sql(world.files[1], "INSERT INTO notes VALUES ('1', 'Heather', 'late'), ('2', 'Acacia', 'early')");
  await until('A has B’s rows', () => sql(world.files[0], 'SELECT count(*) FROM notes').trim() === '2');
});
after(async () => {
  await place.close();
  await browser.close();
});

const b = () => world.b.id.slice(0, 8);

test('the list names every space, and leads to it', async () => {
  await onA.getByRole('link', { name: 'Spaces' }).click();
  await onA.getByRole('row', { name: /notes table owner 2/ }).waitFor();
  await accessible(onA);
  await picture(onA, 'spaces');
  await onA.getByRole('link', { name: 'notes' }).click();
  await onA.getByRole('heading', { name: 'notes', level: 1 }).waitFor();
});

test('a role that is changed on one page is seen on the other without a reload', async () => {
  await onB.goto(`http://${world.b.rest}/#/spaces/${world.space}`);
  await onB.getByText('writer', { exact: true }).first().waitFor();
  await onA.getByLabel(`Role of ${b()}`).selectOption('reader');
  await onB.locator('.facts').getByText('reader', { exact: true }).waitFor();
  await onA.getByLabel(`Role of ${b()}`).selectOption('writer');
  await onB.locator('.facts').getByText('writer', { exact: true }).waitFor();
});

const policyOf = page => page.getByRole('row', { name: /^notes/ });

test('a policy is changed by the owner, and what it means is said on both pages; a conflict is settled by it anew', async () => {
  sql(world.files[0], "INSERT INTO notes VALUES ('3', 'Heather', 'late')");
  const row = file => sql(file, "SELECT title || ', ' || body FROM notes WHERE id = '3'").trim();
  await until('B has the row', () => row(world.files[1]) !== '');
  world.link.cut();
  sql(world.files[0], "UPDATE notes SET title = 'Heath' WHERE id = '3'");
  sql(world.files[1], "UPDATE notes SET body = 'in autumn' WHERE id = '3'");
  await until('both have logged', async () => (await Promise.all([world.a, world.b].map(node => node.call('GET', '/api/v1/sync/status')))).every(status => status.spaces[0].queue === 0));
  await world.link.heal();
  await world.b.job('/api/v1/sync/now', {});
  await until('both fields are merged', () => world.files.every(file => row(file) === 'Heath, in autumn'));

  await policyOf(onB).getByText('Of each field the latest value counts').waitFor();
  await onA.getByLabel('Policy of notes').selectOption('last-write');
  await policyOf(onA).getByText('The latest version of a row counts as a whole').waitFor();
  await policyOf(onB).getByText('The latest version of a row counts as a whole').waitFor();
  await until('one of the two versions is shown, as a whole', () => world.files.every(file => ['Heath, late', 'Heather, in autumn'].includes(row(file))));
  await accessible(onA);
  await picture(onA.getByRole('region', { name: 'Policies' }), 'policies');
  await onA.getByLabel('Policy of notes').selectOption('merge');
  await until('both fields are merged again', () => world.files.every(file => row(file) === 'Heath, in autumn'));
  sql(world.files[0], "DELETE FROM notes WHERE id = '3'");
  await until('B has it no more', () => row(world.files[1]) === '');
});

test('who may not change a policy sees who may, and is refused with the reason', async () => {
  await onB.getByText('Your role is writer: an owner or moderator may change this.').waitFor();
  assert.equal(await onB.getByLabel('Policy of notes').count(), 0);
  await onA.getByLabel(`Role of ${b()}`).selectOption('moderator');
  await onB.getByLabel('Policy of notes').waitFor();
  await onB.route('**/policies', async route => {                              // its role changes between the look at the page and the press
    if (route.request().method() === 'POST') await world.a.call('POST', `/api/v1/spaces/${world.space}/members/${world.b.id}/role`, { role: 'writer' });
    if (route.request().method() === 'POST') await until('B knows', async () => (await world.b.call('GET', `/api/v1/spaces/${world.space}`)).role === 'writer');
    await route.continue();
  });
  await onB.getByLabel('Policy of notes').selectOption('union');
  await onB.getByText('This node may not change policies of "notes": its role is writer.').waitFor();
  await onB.unroute('**/policies');
  await until('its own select is gone', async () => await onB.getByLabel('Policy of notes').count() === 0);
});

test('a hive says the rules that hold in it', async () => {
  await world.a.call('POST', '/api/v1/agents', { name: 'ann', key: false });
  const hive = await world.a.call('POST', '/api/v1/hives', { name: 'bees' });
  await onA.goto(`http://${world.a.rest}/#/spaces/${hive.id}`);
  await onA.getByText('there is nothing to choose').waitFor();
  await onA.getByText('Posts and comments never collide.').waitFor();
  await onA.goto(`http://${world.a.rest}/#/spaces/${world.space}`);
});

test('before a member is removed the page says what that would void', async () => {
  await onA.getByRole('row', { name: b() }).getByRole('button', { name: 'Remove…' }).click();
  await onA.getByText('Nothing that is here becomes void.').waitFor();
  await onA.getByLabel('becomes void, all of it').check();
  await onA.getByText(/event.* would become void; 3 records would change back\./).waitFor();
  await accessible(onA);
  await picture(onA, 'remove-member');
});

test('a removed node’s light is yellow with the sentence, and what it wrote is void', async () => {
  await onA.getByRole('button', { name: 'Remove it' }).click();
  await onA.getByRole('row', { name: /no member any more/ }).waitFor();
  await until('the rows are gone on A', () => sql(world.files[0], 'SELECT count(*) FROM notes').trim() === '0');
  await onB.getByRole('link', { name: 'Home' }).click();
  await onB.getByText('This node was removed from “notes”. What is written here stays here and has no effect on the others.').waitFor();
  await onB.getByRole('img', { name: 'yellow: working or waiting' }).waitFor();
  await picture(onB, 'home-removed');
  await onB.getByRole('link', { name: 'Look at the space' }).click();
  await onB.getByText('Ask an owner or moderator to add it again.').waitFor();
});

test('a member can leave from the page', async () => {
  await onB.getByRole('button', { name: 'Leave this space…' }).click();
  await onB.getByRole('button', { name: 'Leave', exact: true }).click();
  await onB.getByText('No spaces yet').waitFor();
});

test('what a space takes is told, and its log is made small at a press', async () => {
  const storage = onA.getByRole('region', { name: 'Storage' });
  await storage.getByText(/^[\d.]+ KB with its journal: \d+ events$/).waitFor();
  await storage.getByText(/Making the log small would condense \d+ events/).waitFor();
  await accessible(onA);
  await picture(storage, 'storage');
  await storage.getByRole('button', { name: 'Make the log small' }).click();
  await storage.getByText(/of which \d+ condensed into 1 segment/).waitFor();
  await storage.getByText('There is nothing to condense.').waitFor();
  assert.equal(await storage.getByRole('button', { name: 'Make the log small' }).count(), 0);
});

test('a node is told to make its logs small only when asked, and back', async () => {
  const automatic = onA.getByLabel('This node makes the logs of all its spaces small by itself');
  const set = async () => (await world.a.call('GET', '/api/v1/settings')).settings.find(each => each.name === 'compaction.automatic').value;
  await automatic.click();
  await onA.getByText('Only when somebody presses the button.').waitFor();
  await until('the node knows', async () => await set() === false);
  await automatic.click();
  await onA.getByText('What lies below a checkpoint of 90 days is condensed.').waitFor();
  await until('the node knows', async () => await set() === true);
});
