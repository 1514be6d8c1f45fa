// Rows of a table: how their cells read, where one leads, and which pieces of the list are in sight.

import type { Cell, TableRow } from '../api/types';
import { rowHref } from './explain';
import { bytes, cell } from './text';

/// So many rows are asked for at once.
export const BLOCK = 100;

/// A cell for people. What is in quotes nowhere else is told apart by its class.
export function cellSays(value: Cell): { text: string; soft: boolean } {
  if (value === null) return { text: 'NULL', soft: true };
  if (typeof value === 'object' && 'blob' in value) return { text: `${bytes(Number(value.blob))} of data`, soft: true };
  if (typeof value === 'object' && 'text' in value) return { text: `${String(value.text)}… (${bytes(Number(value.bytes))})`, soft: false };
  if (typeof value === 'string' && value.startsWith('~')) return tagged(value);
  return { text: cell(value), soft: false };
}

/// What JSON cannot carry as it is, see Value in the node: only what a cell of a table can be.
function tagged(value: string): { text: string; soft: boolean } {
  const rest = value.slice(3);
  switch (value.slice(0, 3)) {
    case '~i:': case '~s:': return { text: rest, soft: false };
    case '~r:': return { text: real(rest), soft: false };
    case '~t:': return { text: 'text that is no Unicode', soft: true };
    default: return { text: value, soft: false };
  }
}

function real(digits: string): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${digits}`));
  const number = view.getFloat64(0);
  return Number.isInteger(number) ? number.toFixed(1) : String(number);
}

/// The page that explains a row; null for one that cannot be asked for.
export function explainHref(space: string, table: string, row: TableRow): string | null {
  return row.key === null ? null : rowHref(space, table, row.key);
}

/// The pieces that rows first to last lie in.
export function blocksOf(first: number, last: number, count: number): number[] {
  const blocks = [];
  for (let block = Math.floor(first / BLOCK); block <= Math.floor(Math.min(last, count - 1) / BLOCK); block++) blocks.push(block);
  return blocks;
}
