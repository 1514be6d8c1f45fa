import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, Browser, picture } from './support/browser.mjs';
import { pair, Place, sql, until } from './support/nodes.mjs';

const place = new Place();
let browser, world, onA, id;
const steps = page => page.getByRole('list', { name: 'Step by step' });

before(async () => {
  [browser, world] = await Promise.all([Browser.open(), pair(place, 'CREATE TABLE notes (id TEXT PRIMARY KEY, title TEXT, body TEXT); CREATE TABLE tags (note TEXT, tag TEXT, weight INTEGER, PRIMARY KEY (note, tag))')]);
  onA = await browser.page(world.a);
  sql(world.files[0], "INSERT INTO notes VALUES ('1', 'Clover', 'first')", "INSERT INTO tags VALUES ('1', 'red', 3)");
  await until('B has the rows', () => sql(world.files[1], 'SELECT count(*) FROM tags').trim() === '1');
  world.link.cut();
  sql(world.files[0], "UPDATE notes SET title = 'Clover by the hill'");
  sql(world.files[1], "UPDATE notes SET title = 'Clover by the river'");
  await until('both have logged', async () => (await Promise.all([world.a, world.b].map(node => node.call('GET', '/api/v1/sync/status')))).every(status => status.spaces[0].queue === 0));
  id = (await world.a.call('GET', `/api/v1/spaces/${world.space}/log?limit=1`)).entries[0].id;
});
after(async () => {
  await place.close();
  await browser.close();
});

test('a row is found by its table and key, and says who set what and who is not known to have it', async () => {
  await onA.getByRole('link', { name: 'Explain', exact: true }).click();
  await onA.getByRole('combobox', { name: 'Table' }).selectOption('notes');
  await onA.getByRole('form', { name: 'A row' }).getByLabel('id').fill('1');
  await onA.getByRole('button', { name: 'Explain the row' }).click();
  await onA.getByRole('heading', { name: /^row \(1\) of notes/ }).waitFor();
  await steps(onA).getByText(/title is “Clover by the hill”, set by this node/).waitFor();
  await steps(onA).getByText(/is not known to have it|no other member is known to have it/).first().waitFor();
  await accessible(onA);
});

test('an event is found by the beginning of its id, and the answer follows what happens without a reload', async () => {
  await onA.getByRole('textbox', { name: 'Event' }).fill(id.slice(0, 10));
  await onA.getByRole('button', { name: 'Explain the event' }).click();
  await onA.getByText('It is in effect here; the other member is not known to have it.').waitFor();
  await steps(onA).getByText(/is not known to have it: it has not acknowledged/).waitFor();
  assert.equal(await steps(onA).getByText(/does not have it/).count(), 0);
  await world.link.heal();
  await world.b.job('/api/v1/sync/now', {});
  await onA.getByText('It is in effect here; the other member is known to have it.').waitFor();
  await steps(onA).getByText(/has it: it acknowledged all up to there/).waitFor();
  await accessible(onA);
});

test('a conflict leads to its row, where the value that lost names its rival and the rule', async () => {
  await onA.getByRole('link', { name: /^Conflicts/ }).click();
  await onA.getByRole('article', { name: 'Conflict about notes 1' }).getByRole('link', { name: 'Explain this row' }).click();
  await onA.getByText('It is shown, and something is passed over.').waitFor();
  const lost = steps(onA).getByRole('listitem').filter({ hasText: 'which did not know it. The rule: the latest value of each field.' });
  await lost.waitFor();
  await accessible(onA);
  await picture(onA, 'explain', { fullPage: true });
  await lost.getByRole('link').click();
  await steps(onA).getByText(/title lost against event/).waitFor();
});

test('a composite key has an input for each column', async () => {
  await onA.getByRole('combobox', { name: 'Table' }).selectOption('tags');
  await onA.getByRole('form', { name: 'A row' }).getByLabel('note').fill('1');
  await onA.getByRole('form', { name: 'A row' }).getByLabel('tag', { exact: true }).fill('red');
  await onA.getByRole('button', { name: 'Explain the row' }).click();
  await onA.getByRole('heading', { name: /^row \(1, red\) of tags/ }).waitFor();
});

test('what is not here is said in words', async () => {
  await onA.getByRole('textbox', { name: 'Event' }).fill('0123456789abcdef');
  await onA.getByRole('button', { name: 'Explain the event' }).click();
  await onA.getByRole('alert').getByText('No event whose id begins like that is in the logs of this node').waitFor();
});

test('an event of the log shows its way beside what was signed', async () => {
  await onA.goto(`http://${world.a.rest}/#/spaces/${world.space}/log`);
  await onA.locator('.entry button', { hasText: 'changed rows' }).first().click();
  await onA.getByRole('region', { name: 'Its way' }).getByText(/It updated row \(1\) of notes/).waitFor();
  await onA.getByLabel('What was signed').waitFor();
  await accessible(onA);
  await onA.keyboard.press('Escape');
});

test('text of others is shown as text, and a phone shows it all', async () => {
  sql(world.files[1], "INSERT INTO notes VALUES ('2', '<img src=x onerror=alert(1)>‮evil', '')");
  await until('A has it', () => sql(world.files[0], "SELECT count(*) FROM notes WHERE id = '2'").trim() === '1');
  await onA.setViewportSize({ width: 390, height: 844 });
  await onA.goto(`http://${world.a.rest}/#/explain/row/${world.space}/notes/=2`);
  await steps(onA).getByText('<img src=x onerror=alert(1)>‹U+202E›evil').waitFor();
  assert.ok(await onA.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider than the phone');
  await accessible(onA);
  await picture(onA, 'explain-phone');
});
