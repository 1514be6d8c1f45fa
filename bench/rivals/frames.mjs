// Messages on a TCP stream, and in a file: four bytes of length, then the message.

export function frame(message) {
  const framed = Buffer.allocUnsafe(4 + message.length);
  framed.writeUInt32BE(message.length);
  framed.set(message, 4);
  return framed;
}

/** Returns a function that takes chunks as they come and hands over each message that is whole. */
export function unframe(receive) {
  let chunks = [];
  let size = 0;
  return chunk => {
    chunks.push(chunk);
    size += chunk.length;
    if (size < 4 || size < needed(chunks)) return;         // joined only when it helps: a large message comes in many chunks
    let rest = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE()) {
      const end = 4 + rest.readUInt32BE();
      receive(rest.subarray(4, end));
      rest = rest.subarray(end);
    }
    chunks = rest.length ? [rest] : [];
    size = rest.length;
  };
}

function needed(chunks) {
  if (chunks[0].length < 4) chunks.splice(0, chunks.length, Buffer.concat(chunks));
  return 4 + chunks[0].readUInt32BE();
}
