/// Connections between nodes: one server and one client that carry frames over WebSocket, and the TLS that ties a connection to a node's key.
///
/// Read [dev.waggle.net.websocket.WebSocketTransport] first (start, dial, close), then [dev.waggle.net.websocket.WebSocketConnection] (one connection: reading,
/// writing, what is allowed before the handshake is finished) and [dev.waggle.net.websocket.Gate] (what a stranger may cost before anybody knows who it is).
/// [dev.waggle.net.websocket.NodeTls] makes the certificate out of the node's key and judges the other side's.
///
/// A frame is one binary WebSocket message at `/sync/v1/stream` (`net.wire` holds its bytes). Compression is the frames' own business: permessage-deflate
/// is never negotiated. Everything here runs on event loops and returns at once; the engine behind [dev.waggle.sync.engine.Transport.Handler] does too.
package dev.waggle.net.websocket;
