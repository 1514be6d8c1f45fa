import { cpus, release, type } from 'node:os';
import { median } from './measure.mjs';
import { REFERENCE, SYSTEMS } from './systems.mjs';

const NONE = '-';
const TABLES = [
  ['W1: an empty peer gets everything', [
    ['backfill', 'records/s, until readable on B', true],
    ['backfillWire', 'wire, bytes/record'],
    ['memory', 'B\'s peak memory, MiB'],
    ['disk', 'B\'s files with their logs, bytes/record'],
  ]],
  ['W2: one write on A until it is readable on B', [
    ['latency', 'p50, ms', true],
    ['latencySlow', 'p99, ms', true],
  ]],
  ['W3: ten new records on each side, until both have all', [
    ['reconnect', 'a new connection, ms'],
    ['reconnectWire', 'its wire, bytes'],
    ['restart', 'B starts anew, ms'],
  ]],
  ['W4: local commits', [
    ['commitSingle', 'single, records/s', true],
    ['commitBatch', '500 a transaction, records/s', true],
  ]],
];

/** `results`: by system, the rounds' numbers. `versions`: by system. `failures`: sentences. */
export function report({ results, versions, failures, settings, began, load }) {
  const names = Object.keys(results).filter(name => results[name].length > 0);
  const parts = [
    '# Waggle beside others',
    'Made by `node bench/rivals/run.mjs`. Do not edit.',
    `Machine: ${cpus().length} processors (${cpus()[0]?.model.trim()}), ${type()} ${release()}, Node ${process.versions.node}; load average ${load.toFixed(1)} when it began. `
      + `${settings.records.toLocaleString('en')} records of 300 bytes; ${settings.rounds === 1 ? 'one round' : `medians of ${settings.rounds} rounds, lowest to highest in brackets`}; `
      + `all systems take turns in each round. ${Math.round((Date.now() - began) / 1_000)} s in all.`,
    '"×" is the ratio to plain SQLite in the same run. All traffic is counted on its way. On a shared machine times move by a '
      + 'factor of two within an hour: the ratios mean more than the numbers.',
    ...TABLES.map(([title, columns]) => [title, table(names, columns, results)]).filter(([, lines]) => lines).map(([title, lines]) => `## ${title}\n\n${lines}`),
    `## What each makes durable\n\n${names.map(name => `- ${SYSTEMS[name].title}${versions[name] ? ` (${versions[name]})` : ''}: ${SYSTEMS[name].durable}.`).join('\n')}`,
  ];
  if (failures.length > 0) parts.push(`## What did not work\n\n${failures.map(failure => `- ${failure}`).join('\n')}`);
  return `${parts.join('\n\n')}\n`;
}

function table(names, columns, results) {
  const rows = names.map(name => [SYSTEMS[name].title, ...columns.map(([key, , compared]) => cell(name, key, compared, results))])
    .filter(([, ...cells]) => cells.some(text => text !== NONE));
  if (rows.length === 0) return undefined;
  const all = [['', ...columns.map(([, title]) => title)], ...rows];
  const widths = all[0].map((_, column) => Math.max(3, ...all.map(row => row[column].length)));
  const line = cells => `| ${cells.map((text, column) => text.padEnd(widths[column])).join(' | ')} |`;
  return [line(all[0]), `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}

function cell(name, key, compared, results) {
  const numbers = values(results[name], key);
  if (numbers.length === 0) return NONE;
  const spread = numbers.length > 1 ? ` (${shown(Math.min(...numbers))} to ${shown(Math.max(...numbers))})` : '';
  const reference = compared && name !== REFERENCE ? values(results[REFERENCE] ?? [], key) : [];
  const ratio = reference.length > 0 ? `, ×${shown(median(numbers) / median(reference))}` : '';
  return `${shown(median(numbers))}${spread}${ratio}`;
}

const values = (rounds, key) => rounds.map(numbers => numbers[key]).filter(number => number !== undefined);

function shown(number) {
  return number.toLocaleString('en', number < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 });
}
