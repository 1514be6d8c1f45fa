// Strings that run something if they are ever taken as markup, script, style or an address, and how it is told that nothing ran.

import assert from 'node:assert/strict';
import { until } from './nodes.mjs';

const SCRIPTS = [
  'window.ran=1', 'parent.ran=1', 'alert(1)', 'top.location="javascript:ran=1"', 'self.ran=1', 'frames.ran=1', 'globalThis.ran=1', 'confirm(1)', 'prompt(1)', 'eval("ran=1")', 'setTimeout("ran=1")', 'Function("ran=1")()',
  'document.defaultView.ran=1', '[].at.constructor("ran=1")()', 'import("data:text/javascript,ran=1")', 'document.write("<script>ran=1</script>")', 'location="javascript:ran=1"', 'open("javascript:opener.ran=1")',
  'new Image().src="/ran"', 'fetch("//evil.example/ran")',
];
const SHAPES = [
  code => `<script>${code}</script>`, code => `<img src=x onerror='${code}'>`, code => `"><svg onload='${code}'>`, code => `<iframe srcdoc="<script>${code}</script>">`,
  code => `javascript:${code}`, code => `' onmouseover='${code}`, code => `</textarea><script>${code}</script>`, code => `<a href="javascript:${code}">x</a>`,
  code => `<style>*{background:url("javascript:${code}")}</style>`, code => `{{constructor.constructor('${code}')()}}`, code => '${' + code + '}', code => `<math><mi xlink:href="javascript:${code}">`,
  code => `\u202e<b onclick='${code}'>\u2066`, code => `<details open ontoggle='${code}'>`, code => `data:text/html,<script>${code}</script>`, code => `<base href="javascript:${code}//">`,
  code => `]]><script>${code}</script>`, code => `<!--><img src=x onerror='${code}'>-->`, code => `<form action="javascript:${code}"><button>`, code => `\u0000<script>${code}</script>`,
  code => `&lt;script&gt;${code}&lt;/script&gt;`, code => `<object data="javascript:${code}">`, code => `<video><source onerror='${code}'></video>`, code => `<input autofocus onfocus='${code}'>`,
  code => `<x style="animation:x" onanimationstart='${code}'>`,
];
/// 500, each another one.
export const STRINGS = SCRIPTS.flatMap(code => SHAPES.map(shape => shape(code)));
/// The same, for places that take no NUL.
export const TEXTS = STRINGS.map(text => text.replaceAll('\u0000', ''));

/// As names of at most so many characters, each another one by its number in front.
export const names = charsMax => TEXTS.map((text, i) => `${i} ${text}`.slice(0, charsMax));

/// All of them in as few texts of at most so many characters as they take.
export function packed(charsMax) {
  const packs = [];
  for (const text of TEXTS) {
    const last = packs.at(-1);
    if (last !== undefined && last.length + 1 + text.length <= charsMax) packs[packs.length - 1] = `${last} ${text}`;
    else packs.push(text.slice(0, charsMax));
  }
  return packs;
}

/// How a page shows it: characters that turn text are shown by their number.
export const seen = text => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, char => `‹U+${char.codePointAt(0).toString(16).toUpperCase()}›`);

/// Nothing of it ran, or became an element, a handler or a link.
export async function quiet(page) {
  await page.mouse.move(300, 300);
  await page.mouse.move(600, 500);
  assert.deepEqual(await page.evaluate(() => [window.ran ?? 'nothing', document.querySelectorAll('#page script, #page iframe, #page object, #page base, #page style, [onerror], [onload], [onclick]').length,
    [...document.querySelectorAll('a')].filter(link => !/^https?:$/.test(link.protocol)).length]), ['nothing', 0, 0]);
  assert.deepEqual(await page.evaluate(() => {                                   // nor turns the text around it
    const texts = document.createTreeWalker(document.getElementById('page'), NodeFilter.SHOW_TEXT);
    const turning = [];
    while (texts.nextNode()) if (/[\u202a-\u202e\u2066-\u2069]/.test(texts.currentNode.data) && texts.currentNode.parentElement.tagName !== 'TEXTAREA') turning.push(texts.currentNode.data);
    return turning.slice(0, 3);
  }), []);
}

/// All of these are on the page, as text.
export async function shows(page, texts) {
  const missing = async () => {
    const text = await page.locator('#page').textContent();
    return texts.filter(each => !text.includes(seen(each)));
  };
  await until('all of them are shown', async () => (await missing()).length === 0, 30_000).catch(async failure => { throw new Error(`${failure.message}: ${JSON.stringify((await missing()).slice(0, 5))}`); });
  await quiet(page);
}

/// One of them is, now.
export const showsNow = (page, text) => page.waitForFunction(text => document.getElementById('page').textContent.includes(text), seen(text), { polling: 20 });

/// Does something with each, a few at a time.
export async function forAll(list, work) {
  const left = list.entries();
  await Promise.all(Array.from({ length: 8 }, async () => { for (const [i, one] of left) await work(one, i); }));
}
