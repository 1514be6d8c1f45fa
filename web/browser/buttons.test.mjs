import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { task } from './support/boards.mjs';
import { accessible, Browser, visit } from './support/browser.mjs';
import { everyPage } from './support/everyPage.mjs';
import { pair, Place, sql, until } from './support/nodes.mjs';

// Every button of every page is pressed: each does something that can be seen, none breaks the page, and a dialog that one opens can be read and left by the keyboard.
const EFFECT_MS = 5_000;
const DOCUMENTS_MAX = 5;
const BUTTONS = ['main', 'header', 'nav'].flatMap(part => [`${part} button`, `${part} summary`]).join();
const place = new Place();
let browser, world, page, pages;

before(async () => {
  [browser, world] = await Promise.all([Browser.open(), pair(place)]);
  const { a, b, link, files } = world;
  const { pages: shared, garden, remote } = await everyPage(world);
  pages = shared.map(([, where]) => where);
  link.cut();
  for (const [node, project, file, word] of [[a, garden, files[0], 'early'], [b, remote, files[1], 'never']]) {
    sql(file, `UPDATE notes SET body = '${word}'`);
    await node.board('PATCH', `/api/tasks/${(await task(node, project, 'Sow carrots')).id}`, { description: word });
  }
  await until('both have logged', async () => (await Promise.all([a, b].map(node => node.call('GET', '/api/v1/sync/status')))).every(status => status.spaces.every(each => !each.queue)));
  await link.heal();
  await b.job('/api/v1/sync/now', {});
  await until('A has the conflicts', async () => (await a.board('GET', `/api/projects/${garden}`)).conflicts > 0 && (await a.call('GET', '/api/v1/conflicts')).conflicts.length > 0);
  page = await browser.page(a);
});
after(async () => {
  await place.close();
  await browser.close();                                                     // fails on any script error, dialog of the browser and breach of the content policy
});

/// The buttons that can be pressed now and are not behind a dialog, by what a screen reader says; of those that differ in the name of a row only, the first.
const buttons = () => page.evaluate(BUTTONS => {
  const found = new Map();
  for (const button of document.querySelectorAll(BUTTONS)) {
    const kind = button.textContent + (button.closest('table, ul, ol') === null ? button.getAttribute('aria-label') ?? '' : '');
    if (!button.disabled && button.checkVisibility() && !found.has(kind)) found.set(kind, button.getAttribute('aria-label') ?? button.textContent);
  }
  return [...found.values()];
}, BUTTONS);

/// What a script says of the page. A press may load it anew, and that again what the node answers: then it is asked of the document that follows.
async function inPage(script) {
  for (let documents = 0; ; documents++) {
    try {
      return await page.evaluate(script);
    } catch (failure) {
      if (documents === DOCUMENTS_MAX || !failure.message.includes('because of a navigation')) throw failure;
      await page.waitForLoadState();
    }
  }
}

/// Presses one, if it is still there, and waits for what comes of it.
async function press(name) {
  await page.evaluate(() => {
    window.seen = '';
    new MutationObserver(list => { if (list.some(each => !(each.target.nodeType === Node.TEXT_NODE ? each.target.parentElement : each.target)?.closest('time'))) window.seen ||= 'the page changed'; }).observe(document.documentElement, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  const asked = [];
  const note = request => { if (request.method() !== 'GET') asked.push(request); };
  page.on('request', note);
  const [before, tabs] = [page.url(), browser.context.pages().length];
  const there = await page.evaluate(([name, BUTTONS]) => {
    const button = [...document.querySelectorAll(BUTTONS)].find(each => !each.disabled && each.checkVisibility() && (each.getAttribute('aria-label') ?? each.textContent) === name);
    button?.click();
    return button !== undefined;
  }, [name, BUTTONS]);
  const invalid = await inPage(() => document.querySelectorAll(':focus:invalid').length);           // the browser itself says what is to be filled in
  await until(`“${name}” of ${before} does something`, async () => !there || invalid > 0 || asked.length > 0 || page.url() !== before || browser.context.pages().length > tabs || await inPage(() => window.seen) !== '', EFFECT_MS);
  await until('the node has answered', async () => await page.locator('main [role=status]', { hasText: 'Asking the node…' }).count() === 0);
  for (const request of asked) await request.response();                      // a dialog may come with the answer
  await inPage(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  page.off('request', note);
}

/// Presses all that can be pressed on these pages of a node.
///
/// @return how many that were
async function pressAll(node, places) {
  let pressed = 0;
  for (const where of places) {
    await visit(page, node, where);
    const pressedHere = new Set();
    for (;;) {
      const name = (await buttons()).find(each => !pressedHere.has(each) && !(where !== pages[0] && each.startsWith('Colours: ')));      // some come only when others were pressed
      if (name === undefined) break;
      pressedHere.add(name);
      const before = page.url();
      await press(name);
      assert.equal(await page.getByText('This page has a bug').or(page.locator('.problem', { hasText: /internal|bug/i })).count(), 0, `${where}: ${name}`);
      if (await page.getByRole('dialog').count() > 0) {
        await accessible(page);
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }
      assert.deepEqual(browser.complaints, [], `${where}: ${name}`);
      if (name === 'Sign this browser out') {
        await page.getByRole('heading', { name: 'This browser was not let in yet' }).waitFor();
        await page.close();                                                   // it loads itself anew, and would again for a link: in a tab of its own nothing comes between
        page = await browser.page(node);
      }
      if (page.url() !== before) await visit(page, node, where);
    }
    pressed += pressedHere.size;
    assert.ok(pressedHere.size < 40, `${where}: ${[...pressedHere]}`);
  }
  console.log(`# pressed ${pressed}`);
  return pressed;
}

test('every button of every page does something, and breaks nothing', async () => {
  assert.ok(await pressAll(world.a, pages) >= 55);
});

test('so does every button of a hub, and of a node at its page of the mesh', async () => {
  const hub = await place.node('hub', { hub: true });
  const { id } = await hub.call('POST', '/api/v1/hub/organisations', { name: 'acme' });
  const { secret } = await hub.call('POST', '/api/v1/hub/keys', { organisation: id, name: 'berlin' });
  await hub.call('POST', '/api/v1/hub/users', { organisation: id, email: 'ann@example.com', password: 'correct horse battery', role: 'member' });
  writeFileSync(place.file('berlin.key'), secret, { mode: 0o600 });
  const c = await place.node('c', { hub_url: `http://${hub.up.listen}`, node_api_key_file: place.file('berlin.key') });
  await c.board('POST', '/api/projects', { name: 'garden' });
  await until('the node is at its hub', async () => (await c.call('GET', '/api/v1/hub/link')).connected, 30_000);
  page = await browser.page(c);
  assert.ok(await pressAll(c, ['#/mesh']) >= 2);
  page = await browser.page(hub);
  assert.ok(await pressAll(hub, ['#/hub', `#/hub/${id}`]) >= 8);
});
