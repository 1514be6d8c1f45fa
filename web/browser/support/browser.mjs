// The system's Chromium, and pages in it that must stay free of complaints: a script error or a breach of the content policy fails the test.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { until } from './nodes.mjs';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const PICTURES = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/// Who waits for ever is ended with the whole file, and all that is known then is the file: this names the test before.
const STUCK_MS = 200_000;
let stuck;
beforeEach(test => { stuck = setTimeout(() => console.log(`# still runs after ${STUCK_MS / 1000} s: ${test.name}`), STUCK_MS).unref(); });
afterEach(() => clearTimeout(stuck));

/// Chromium now and then never answers that a tab or it itself is closed; no other call waits without a limit.
const CLOSE_MS = 10_000;

export class Browser {
  complaints = [];

  static async open() {
    const browser = new Browser();
    browser.profile = mkdtempSync(join(tmpdir(), 'waggle-chromium-'));
    browser.context = await chromium.launchPersistentContext(browser.profile, {
      executablePath: EXECUTABLE, headless: true, viewport: { width: 1280, height: 860 }, colorScheme: 'light',
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    browser.context.setDefaultTimeout(15_000);
    return browser;
  }

  /// A tab on a node's page, by its link.
  async page(node) {
    const page = await this.tab();
    await page.goto(node.page);
    await page.locator('#main').waitFor();                   // it is drawn once the link was exchanged: who leaves before is not let in
    return page;
  }

  /// An empty tab.
  async tab() {
    const page = await this.context.newPage();
    const close = page.close.bind(page);
    page.close = () => Promise.race([close(), pause(CLOSE_MS, undefined, { ref: false })]);
    page.on('pageerror', error => this.complaints.push(`script error: ${error.message}`));
    page.on('console', message => { if (message.type() === 'error' && !this.isExpected(message.text())) this.complaints.push(`console: ${message.text()}`); });
    page.on('dialog', dialog => { this.complaints.push(`a dialog: ${dialog.message()}`); void dialog.dismiss(); });
    return page;
  }

  /// What the browser itself writes about answers that are no, and about a node that went away.
  isExpected(text) {
    return /Failed to load resource|WebSocket connection to '[^']*' failed/.test(text);
  }

  async close() {
    const closed = await Promise.race([this.context.close().then(() => true), pause(CLOSE_MS, false, { ref: false })]);
    if (!closed) execFileSync('pkill', ['-KILL', '-f', this.profile]);
    rmSync(this.profile, { recursive: true, force: true });
    assert.deepEqual(this.complaints, []);
  }
}

/// Opens a place of the page and waits until it is drawn. In a new document: after a change of the fragment alone, what was there before would be looked at.
export async function visit(page, node, where) {
  await page.goto('about:blank');
  await page.goto(`http://${node.rest}/${where}`);
  await page.locator('main h1').first().waitFor();
  await until('nothing is asked any more', async () => await page.getByText('Asking the node…').count() === 0);
  assert.equal(await page.getByRole('heading', { name: 'This browser was not let in yet' }).count(), 0);
}

/// Serious faults of accessibility, in light and in dark.
export async function accessible(page) {
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const faults = await page.evaluate(`${AXE}; axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations
      .filter(each => each.impact === 'serious' || each.impact === 'critical').map(each => each.id + ': ' + each.nodes.map(node => node.html + ' ' + node.failureSummary).join(' | ')))`);
    assert.deepEqual(faults, [], `${colorScheme}: ${page.url()}`);
  }
}

/// A picture for the documentation. Ids and times differ from run to run, so one is only written when it is asked for (./waggle pictures) or missing.
export async function picture(page, name, options = {}) {
  await page.evaluate(() => document.activeElement?.blur?.());
  const path = process.env.WAGGLE_PICTURES ? join(PICTURES, `${name}.png`) : undefined;
  const bytes = await page.screenshot({ path, animations: 'disabled', ...options });
  assert.ok(bytes.length < 400_000, `${name}.png has ${bytes.length} bytes`);
}
