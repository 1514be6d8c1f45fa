// How text of others is shown: as text, and what it could hide is made visible.

const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/// Control and direction characters as their numbers: a name cannot turn the text around it.
export function shown(text: string): string {
  return text.replace(HIDDEN, char => `‹U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}›`);
}

/// The address, when it is a web address that may be followed.
export function webLink(text: string | null): string | null {
  if (text === null || !/^https?:\/\//i.test(text)) return null;
  try {
    const url = new URL(text);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
  } catch {
    return null;
  }
}

/// The beginning of an id, as the command line shows it.
export function brief(id: string): string {
  return id.slice(0, 8);
}

export function count(number: number, one: string, many = one + 's'): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/// A cell of a table, for people.
export function cell(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/// A size, for people: 1,536 -> '1.5 KB'.
export function bytes(size: number): string {
  let unit = 0;
  while (size >= 1_000 && unit < UNITS.length - 1) {
    size /= 1_000;
    unit++;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size).toLocaleString('en') : size.toFixed(1)} ${UNITS[unit]}`;
}
