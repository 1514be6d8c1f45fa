// This browser's session with the node: a cookie that no script reads, and a word beside it that goes with every request.
// What opens it comes once in the address's fragment, which browsers never send: a link's secret, or the node's token for programs that have that.

const WORD = 'waggle-csrf-token';

/// Takes what opens a session out of the address, if it is there, and opens one. Where that is no good any more an earlier session stays.
///
/// @return whether there was something
export async function signIn(): Promise<boolean> {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const link = fragment.get('link');
  const token = fragment.get('token');
  if (link === null && token === null) return false;
  history.replaceState(null, '', location.pathname);
  try {
    const answer = await fetch('/api/v1/page/sessions', {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(link === null ? { token } : { link }),
    });
    if (answer.ok) localStorage.setItem(WORD, (await answer.json() as { csrf_token: string }).csrf_token);
  } catch {
    // the node does not answer: the page says so by itself
  }
  return true;
}

export function csrfToken(): string {
  return localStorage.getItem(WORD) ?? '';
}

/// This browser has to be let in again.
export async function signOut(): Promise<void> {
  await fetch('/api/v1/page/sessions', { method: 'DELETE' });
  localStorage.removeItem(WORD);
  location.reload();
}
