#!/usr/bin/env node
// Measures Waggle beside other sync systems. README.md says what and how.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Network } from './network.mjs';
import { fetchPackages, versionsOf } from './packages.mjs';
import { stopAll } from './peers.mjs';
import { report } from './report.mjs';
import { round } from './round.mjs';
import { REFERENCE, SYSTEMS } from './systems.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const say = text => process.stderr.write(`${text}\n`);

function fail(text) {
  say(`rivals: ${text}`);
  process.exit(2);
}

function parsed(options) {
  try {
    return parseArgs({ options });
  } catch (error) {
    return fail(`${error.message} (--help lists the options)`);
  }
}

function settingsOf() {
  const options = {
    records: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    report: { type: 'string' },
    waggle: { type: 'string', default: join(here, '../../waggle') },
    patience: { type: 'string', default: '900' },
    help: { type: 'boolean', short: 'h' },
  };
  const { values } = parsed(options);
  if (values.help) {
    say('node run.mjs [--records 100000] [--rounds 3] [--only NAME,NAME] [--report FILE] [--waggle LAUNCHER] [--patience SECONDS]');
    say(`Names: ${Object.keys(SYSTEMS).join(', ')}. Plain SQLite is always measured, as the reference.`);
    process.exit(0);
  }
  const number = (name, least) => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < least) fail(`--${name} needs a whole number, ${least} or more: ${values[name]}`);
    return value;
  };
  const wanted = values.only?.split(',');
  const unknown = wanted?.find(name => !SYSTEMS[name]);
  if (unknown !== undefined) fail(`no such system: ${unknown}. There are ${Object.keys(SYSTEMS).join(', ')}`);
  return {
    records: Math.ceil(number('records', 100) / 100) * 100,      // Automerge's maps of 100 are made by one side each
    rounds: number('rounds', 1),
    patience: number('patience', 1),
    launcher: resolve(values.waggle),
    file: values.report,
    names: Object.keys(SYSTEMS).filter(name => name === REFERENCE || !wanted || wanted.includes(name)),
  };
}

/** Leaves out what cannot be measured here. Returns a sentence for each. */
function leaveOut(settings) {
  const missing = fetchPackages(Object.fromEntries(settings.names.map(name => [name, SYSTEMS[name]])), say);
  if (missing[REFERENCE]) fail(`${missing[REFERENCE]}. Node 20 or newer with npm, python3, make and a C++ compiler are needed.`);
  if (settings.names.includes('waggle') && !existsSync(settings.launcher)) missing.waggle = 'its launcher is not where `--waggle` says';
  for (const name of settings.names) {
    const reason = SYSTEMS[name].ownNetwork && Network.whyNot();
    if (reason) missing[name] ??= reason;
  }
  settings.names = settings.names.filter(name => missing[name] === undefined);
  return Object.entries(missing).map(([name, reason]) => {
    say(`rivals: ${SYSTEMS[name].title} is left out: ${reason}`);
    return `${SYSTEMS[name].title} was left out: ${reason}.`;
  });
}

/** A peer that ended leaves the lines of its program, then the error itself. */
function gist(message) {
  const [first, ...more] = message.split('\n');
  const error = more.find(line => /^\w*Error\b/.test(line)) ?? more[0];
  return [first, error].filter(Boolean).join(' ').trim();
}

async function measure(settings) {
  const results = Object.fromEntries(settings.names.map(name => [name, []]));
  const failures = [];
  const failed = new Set();
  for (let n = 1; n <= settings.rounds; n++) {
    for (const name of settings.names) {
      if (failed.has(name)) continue;                  // once is enough: the others need not wait for it again
      const began = Date.now();
      try {
        results[name].push(await round(name, SYSTEMS[name], settings));
        say(`rivals: round ${n} of ${settings.rounds}, ${SYSTEMS[name].title}: ${((Date.now() - began) / 1_000).toFixed(1)} s`);
      } catch (error) {
        failed.add(name);
        failures.push(`${SYSTEMS[name].title}, round ${n}: ${gist(error.message)}`);
        say(`rivals: ${SYSTEMS[name].title} failed in round ${n}: ${error.stack}`);
      }
    }
  }
  return { results, failures };
}

const settings = settingsOf();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopAll().finally(() => process.exit(130)));
const notes = leaveOut(settings);
settings.folder = mkdtempSync(join(tmpdir(), 'waggle-rivals-'));
process.on('exit', () => rmSync(settings.folder, { recursive: true, force: true, maxRetries: 5 }));
const began = Date.now();
const load = loadavg()[0];
const { results, failures } = await measure(settings);
const versions = Object.fromEntries(settings.names.map(name => [name, versionsOf(SYSTEMS[name])]));
const text = report({ results, failures: [...notes, ...failures], versions, settings, began, load });
process.stdout.write(text);
if (settings.file) await writeFile(settings.file, text);
process.exitCode = notes.length + failures.length > 0 ? 1 : 0;
