// The one WebSocket of this tab, and the channels on it. It is there while somebody listens, and comes back by itself: what happened in between was not heard.

import { waitMs } from '../logic/backoff';

export type LineState = 'connecting' | 'live' | 'away' | 'unauthorised';

export interface Message { type: string; channel: string; data: unknown }

/// Whoever listens to a channel.
export interface Listener {
  heard: (message: Message) => void;
  /// The channel begins, also anew: what happened before that was not heard.
  opened: () => void;
  state: (now: LineState) => void;
}

/// What of a browser's WebSocket is used.
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  onclose: (() => void) | null;
  send(text: string): void;
  close(): void;
}

/// What a line needs of the world.
///
/// @param open  begins a connection
/// @param isOut whether the node answers, and does not let this browser in: a browser does not say why a WebSocket was not opened
export interface World { open: () => Socket; isOut: () => Promise<boolean>; chance: () => number }

/// The node says something on every channel within 15 s. A line that is silent for longer than this is dead, even when nobody has said so.
const SILENCE_MS_MAX = 40_000;
/// A channel that ended or was refused is asked for again after this long.
const AGAIN_MS = 1_000;

type Timer = ReturnType<typeof setTimeout> | undefined;

export class Line {
  private socket: Socket | null = null;
  private readonly channels = new Map<string, Set<Listener>>();
  private readonly begun = new Set<string>();                        // channels that the node has confirmed on this connection
  private state: LineState = 'connecting';
  private failures = 0;
  private again: Timer;
  private silence: Timer;
  private isOpen = false;

  constructor(private readonly world: World) {}

  /// @return ends it
  listen(channel: string, listener: Listener): () => void {
    const listeners = this.channels.get(channel) ?? new Set();
    if (listeners.size === 0) {
      this.channels.set(channel, listeners);
      this.ask('subscribe', channel);
    }
    listeners.add(listener);
    listener.state(this.state);
    if (this.begun.has(channel)) listener.opened();
    if (this.socket === null && this.again === undefined) this.connect();
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.channels.get(channel) !== listeners) return;
      this.channels.delete(channel);
      this.begun.delete(channel);
      if (this.channels.size === 0) this.hangUp();
      else this.ask('unsubscribe', channel);
    };
  }

  private connect(): void {
    this.again = undefined;
    const socket = this.world.open();
    this.socket = socket;
    socket.onopen = () => {
      this.isOpen = true;
      this.failures = 0;
      this.say('live');
      for (const channel of this.channels.keys()) this.ask('subscribe', channel);
      this.waitForASign();
    };
    socket.onmessage = event => this.take(JSON.parse(event.data) as Message);
    socket.onclose = () => void this.lost(this.isOpen);
    this.waitForASign();
  }

  private waitForASign(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      const wasOpen = this.isOpen;
      this.letGo();
      void this.lost(wasOpen);
    }, SILENCE_MS_MAX);
  }

  private letGo(): void {
    clearTimeout(this.silence);
    const socket = this.socket;
    this.socket = null;
    this.isOpen = false;
    this.begun.clear();
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private hangUp(): void {
    clearTimeout(this.again);
    this.again = undefined;
    this.failures = 0;
    this.letGo();
  }

  /// The connection ended, or was not made.
  private async lost(wasOpen: boolean): Promise<void> {
    this.letGo();
    if (!wasOpen) this.failures++;
    const again = setTimeout(() => this.connect(), waitMs(this.failures, this.world.chance()));
    this.again = again;
    this.say('away');
    if (wasOpen || !await this.world.isOut() || this.again !== again) return;
    clearTimeout(again);
    this.again = undefined;
    this.say('unauthorised');
  }

  private take(message: Message): void {
    this.waitForASign();
    const listeners = this.channels.get(message.channel);
    if (listeners === undefined) return;
    if (message.type === 'subscribed') {
      this.begun.add(message.channel);
      for (const each of listeners) {
        each.state('live');
        each.opened();
      }
    } else if (message.type === 'ended' || message.type === 'error') {
      this.begun.delete(message.channel);
      for (const each of listeners) each.state('away');
      setTimeout(() => { if (this.channels.get(message.channel) === listeners) this.ask('subscribe', message.channel); }, AGAIN_MS);
    } else if (message.type !== 'alive' && message.type !== 'unsubscribed') for (const each of listeners) each.heard(message);
  }

  private ask(action: 'subscribe' | 'unsubscribe', channel: string): void {
    if (this.isOpen) this.socket!.send(JSON.stringify({ action, channel }));
  }

  private say(now: LineState): void {
    this.state = now;
    for (const listeners of this.channels.values()) for (const each of listeners) each.state(now);
  }
}
