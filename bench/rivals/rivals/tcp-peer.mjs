import { frame, unframe } from '../frames.mjs';
import { connected, listening } from '../tcp.mjs';

/**
 * A peer whose messages go over TCP, framed. Who extends it has `greet(link)`, which says the first word, and `receive(link, message)`. A link is an object
 * for what is to be remembered of a connection.
 */
export class TcpPeer {
  links = new Set();                                 // those that are told what is committed
  #server;

  async listen() {
    this.#server = await listening(socket => this.#speak(socket));
    return this.#server.address().port;
  }

  invitation(port) {
    return port;
  }

  async connect(port) {
    this.#speak(await connected(port));
  }

  #speak(socket) {
    const link = { socket };
    socket.on('error', () => {});                    // it closes, too
    socket.on('close', () => this.links.delete(link));
    socket.on('data', unframe(message => this.receive(link, message)));
    this.greet(link);
  }

  send({ socket }, message) {
    socket.write(frame(message));
  }

  disconnect() {
    for (const { socket } of this.links) socket.destroy();
    this.links.clear();
  }

  close() {
    this.disconnect();
    this.#server?.close();
  }
}
