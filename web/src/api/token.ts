// The node's token. It comes once in the address's fragment, which browsers never send, and stays in this tab.

const NAME = 'token';

/// Takes the token out of the address, if it is there.
///
/// @return whether it was
export function takeToken(): boolean {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const found = fragment.get(NAME);
  if (found === null) return false;
  sessionStorage.setItem(NAME, found);
  history.replaceState(null, '', location.pathname);
  return true;
}

export function token(): string {
  return sessionStorage.getItem(NAME) ?? '';
}
