import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, Browser, picture, visit } from './support/browser.mjs';
import { Place, sql, until } from './support/nodes.mjs';

const place = new Place();
let browser, a, b, onA, onB;

before(async () => {
  [browser, a, b] = await Promise.all([Browser.open(), place.node('a'), place.node('b')]);
  [onA, onB] = await Promise.all([browser.page(a), browser.page(b)]);
  sql(place.file('shop.sqlite'), 'CREATE TABLE goods (id INTEGER PRIMARY KEY, name TEXT, price REAL)', "INSERT INTO goods (name, price) VALUES ('honey', 7.5), ('wax', 3), ('candle', 4.2)");
});
after(async () => {
  await place.close();
  await browser.close();
});

test('an empty node leads to its four ways', async () => {
  await onA.getByRole('heading', { name: 'Welcome. What should this node share?' }).waitFor();
  for (const way of ['Track a database', 'Join a space', 'Create a hive', 'Create a project']) await onA.getByRole('button', { name: way }).waitFor();
  await accessible(onA);
  await picture(onA, 'start');
});

test('pages that are empty say why, and what to do', async () => {
  await visit(onB, b, '#/mesh');
  for (const title of ['This node is alone', 'No peers yet', 'No sync groups yet']) await onB.getByText(title, { exact: true }).waitFor();
  assert.equal(await onB.locator('main table').count(), 0, 'no headings of nothing');
  await accessible(onB);
  await onB.getByRole('link', { name: 'track a database, join with a ticket, or create a hive or a project' }).click();
  await onB.getByRole('heading', { name: 'Welcome. What should this node share?' }).waitFor();
  await visit(onB, b, '#/conflicts');
  await onB.getByText('This node keeps no database in step with others yet').waitFor();
  await accessible(onB);
  await visit(onB, b, '#/');
});

test('with the keyboard alone a database is tracked, and a wrong path is said', async () => {
  await onA.getByRole('button', { name: 'Track a database' }).focus();
  await onA.keyboard.press('Enter');
  await onA.getByLabel('Database file').waitFor();
  await accessible(onA);
  await onA.getByLabel('Database file').focus();
  await onA.keyboard.type('shop.sqlite');
  await onA.keyboard.press('Enter');
  await onA.getByRole('alert').getByText('not an absolute path').waitFor();
  await onA.getByLabel('Database file').fill(place.file('shop.sqlite'));
  await onA.keyboard.press('Enter');
  await onA.getByText('is tracked: 3 rows of 1 table').waitFor();
  await onA.getByRole('button', { name: 'Open the space' }).click();
  await onA.getByRole('heading', { name: 'shop', level: 1 }).waitFor();
});

test('Escape closes a dialog and gives the keyboard back', async () => {
  await onB.getByRole('button', { name: 'Join a space' }).click();
  await onB.getByLabel('Ticket').waitFor();
  await onB.keyboard.press('Escape');
  await onB.getByLabel('Ticket').waitFor({ state: 'detached' });
  assert.equal(await onB.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Join a space');
});

test('the ticket that one page shows lets the other node in, from page to page', async () => {
  await onA.getByRole('button', { name: 'Invite' }).click();
  await onA.getByRole('button', { name: 'Make a ticket' }).click();
  await onA.getByRole('img', { name: 'The ticket as a QR code' }).waitFor();
  await accessible(onA);
  const ticket = await onA.getByLabel('Ticket', { exact: true }).inputValue();
  assert.match(ticket, /^waggle1/);

  await onB.getByRole('button', { name: 'Join a space' }).click();
  await onB.getByLabel('Ticket').fill(ticket);
  await onB.getByLabel('Database file').fill(place.file('copy.sqlite'));
  await onB.getByRole('button', { name: 'Join', exact: true }).click();
  await onB.getByText('This node is a member of shop now.').waitFor();
  await until('the rows are there', () => sql(place.file('copy.sqlite'), 'SELECT count(*) FROM goods').trim() === '3');
  await onB.getByRole('button', { name: 'Open it' }).click();
  await onB.getByRole('heading', { name: 'shop', level: 1 }).waitFor();
});

test('a used ticket is refused in words', async () => {
  await onA.keyboard.press('Escape');
  await onA.goto(`http://${a.rest}/#/spaces`);
  await onA.getByRole('button', { name: 'Join with a ticket' }).click();
  await onA.getByLabel('Ticket').fill('waggle1nonsense');
  await onA.getByLabel('Database file').fill(place.file('x.sqlite'));
  await onA.getByRole('button', { name: 'Join', exact: true }).click();
  await onA.getByRole('alert').waitFor();
});
