// What happens at the node, as it happens. It rests while the tab is hidden, and begins again by itself.

import { useEffect, useRef, useState } from 'react';
import { ask, Problem } from './client';
import { Line, type LineState, type Message, type Socket } from './line';
import { csrfToken } from './session';

export type { Message } from './line';

/// The word of the session goes as a name of a protocol, because a page cannot add headers here; the cookie alone opens nothing.
const line = new Line({
  open: () => new WebSocket(`ws://${location.host}/api/v1/ws`, csrfToken() === '' ? ['waggle'] : ['waggle', `word.${csrfToken()}`]) as unknown as Socket,
  isOut: () => ask('GET', '/api/v1/node').then(() => false, failure => failure instanceof Problem && failure.code === 'unauthorised'),
  chance: Math.random,
});

function useVisible(): boolean {
  const [visible, setVisible] = useState(() => document.visibilityState !== 'hidden');
  useEffect(() => {
    const look = () => setVisible(document.visibilityState !== 'hidden');
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return visible;
}

/// Listens to a channel while the component is there and the tab is looked at.
///
/// @param channel null for none now
/// @param opened  called whenever it begins, also anew: what happened before that was not heard
export function useChannel(channel: string | null, heard: (message: Message) => void, opened: () => void = () => {}): LineState {
  const [state, setState] = useState<LineState>('connecting');
  const visible = useVisible();
  const latest = useRef({ heard, opened });
  latest.current = { heard, opened };
  useEffect(() => {
    if (!visible || channel === null) return;
    return line.listen(channel, { heard: message => latest.current.heard(message), opened: () => latest.current.opened(), state: setState });
  }, [channel, visible]);
  return state;
}
