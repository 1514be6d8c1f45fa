/// The log over plain HTTP and JSON, for peers that ask and answer instead of keeping a stream: `/sync/v1` and `/api/v0`.
///
/// Read [dev.waggle.net.http.SyncV1Handler] first: what a node answers. [dev.waggle.net.http.SyncV1Routes] is the HTTP around it (routes, limits, tokens,
/// errors), [dev.waggle.net.http.HttpHello] what both sides sign, [dev.waggle.net.http.SyncV1Client] the other end.
///
/// | request | answer |
/// |---|---|
/// | `POST /sync/v1/handshake` {instance_id, nonce, versions} | {instance_id, signing_key, nonce, version, signature} |
/// | `POST /sync/v1/handshake/proof` {instance_id, nonce, signature, sync_group_id?, ticket?, ticket_signature?} | {sync_token, expires_in_ms, sync_group_id?, current_seq?} |
/// | `GET /sync/v1/groups/:id/events?since=0&limit=500` | {events, next_seq, has_more} |
/// | `POST /sync/v1/groups/:id/events` {events, sender_seq} | {received_seq, answers} |
/// | `GET /sync/v1/groups/:id/status` | {peers: [{id, status, last_sync, lag}], local_seq} |
/// | `POST /sync/v1/groups/:id/leave` {} | {ok: true} |
/// | `POST /sync/v1/heartbeat` {instance_id, seq_by_hive, known_peers?} | {instance_id, seq_by_hive, known_peers?: [{sync_endpoint, name, shared_hives, signing_key, ttl, record, signature}]} |
/// | `POST /api/v0` {GetTips: {tree_id}}, {GetEntries: {tree_id, ids}} or {SendEntries: {tree_id, entries}} | {Tips: […]}, {Entries: […]} or {Ack: {…}} |
///
/// Everything but the handshake needs `Authorization: Bearer` with its token. An event is spelt as in `net.wire.EventJson`: `payload` is the signed
/// text. Errors are {"error": {code, message, request_id}}; what the asker may not see and what does not exist are answered with equal bytes.
package dev.waggle.net.http;
