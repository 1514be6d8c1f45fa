// Streams of the node: server-sent events over fetch, because that carries the token. They end while the tab is hidden, so that many open tabs do not
// use up the browser's connections, and begin again by themselves.

import { useEffect, useRef, useState } from 'react';
import { EventCutter, type ServerEvent } from '../logic/sse';
import { ask, Problem } from './client';

const AGAIN_MS = 1_000;

export type StreamState = 'connecting' | 'live' | 'away' | 'unauthorised';

function useVisible(): boolean {
  const [visible, setVisible] = useState(() => document.visibilityState !== 'hidden');
  useEffect(() => {
    const look = () => setVisible(document.visibilityState !== 'hidden');
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return visible;
}

async function follow(path: string, signal: AbortSignal, heard: (event: ServerEvent) => void, opened: () => void, state: (now: StreamState) => void): Promise<void> {
  while (!signal.aborted) {
    try {
      const answer = await ask('GET', path, undefined, signal);
      state('live');
      opened();
      const reader = answer.body!.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, BufferSource>).getReader();
      const cutter = new EventCutter();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) cutter.take(piece.value).forEach(heard);
    } catch (failure) {
      if (signal.aborted) return;
      if (failure instanceof Problem && failure.code === 'unauthorised') return state('unauthorised');
    }
    state('away');
    await new Promise(resolve => setTimeout(resolve, AGAIN_MS));
  }
}

/// Follows a stream while the component is there and the tab is looked at.
///
/// @param path   null for none now
/// @param opened called whenever it begins, also anew: what happened before that was not heard
export function useStream(path: string | null, heard: (event: ServerEvent) => void, opened: () => void = () => {}): StreamState {
  const [state, setState] = useState<StreamState>('connecting');
  const visible = useVisible();
  const latest = useRef({ heard, opened });
  latest.current = { heard, opened };
  useEffect(() => {
    if (!visible || path === null) return;
    const end = new AbortController();
    void follow(path, end.signal, event => latest.current.heard(event), () => latest.current.opened(), setState);
    return () => end.abort();
  }, [path, visible]);
  return state;
}
