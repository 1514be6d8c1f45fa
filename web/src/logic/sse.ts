export interface ServerEvent { name: string; data: string }

/// Cuts a stream of server-sent events into events, whatever the pieces it arrives in.
export class EventCutter {
  private rest = '';

  take(piece: string): ServerEvent[] {
    const blocks = (this.rest + piece).split('\n\n');
    this.rest = blocks.pop()!;
    const events: ServerEvent[] = [];
    for (const block of blocks) {
      let name = 'message';
      const data: string[] = [];
      for (const line of block.split('\n')) {
        if (line.startsWith('event: ')) name = line.slice(7);
        else if (line.startsWith('data: ')) data.push(line.slice(6));
      }
      if (data.length > 0) events.push({ name, data: data.join('\n') });
    }
    return events;
  }
}
