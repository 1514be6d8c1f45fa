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

test('before a member is removed the page says what that would void', async () => {
  await onA.getByRole('row', { name: b() }).getByRole('button', { name: 'Remove…' }).click();
  await onA.getByText('Nothing that is here becomes void.').waitFor();
  await onA.getByLabel('becomes void, all of it').check();
  await onA.getByText(/event.* would become void; 2 records would change back\./).waitFor();
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

test('a log is made small at a press, or it is said that there is nothing to do', async () => {
  await onA.getByRole('button', { name: 'Make the log small' }).click();
  await onA.getByText(/The log is condensed up to the last checkpoint|There is nothing to condense yet/).waitFor();
});
