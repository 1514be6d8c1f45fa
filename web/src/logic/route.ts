// Where the page is, in the address's fragment: #/spaces/ID/log. The node serves one document, so a reload stays where it was.

/// The decoded parts of a fragment: '#/spaces/a%20b' -> ['spaces', 'a b'].
export function parts(hash: string): string[] {
  if (!hash.startsWith('#/')) return [];
  return hash.slice(2).split('/').filter(part => part !== '').map(part => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
}

export function href(...to: string[]): string {
  return '#/' + to.map(encodeURIComponent).join('/');
}
