/// Frames become bytes here, and bytes become frames again.
///
/// Read [dev.waggle.net.wire.FrameCodec] first: it holds the binary form, one short method a frame kind, and the number of each kind.
/// [dev.waggle.net.wire.WireReader] is where every length is checked before anything is allocated; [dev.waggle.net.wire.Compression] wraps a
/// frame in zstd. [dev.waggle.net.wire.FrameJson] and [dev.waggle.net.wire.EventJson] are the JSON forms of the same things.
///
/// **The binary form** (byte for byte in docs/protocol-frames.md). A frame is one byte that names its kind and then its fields in the order in which
/// `Frame` declares them, with nothing between and nothing after:
///
/// | field | bytes |
/// |---|---|
/// | number | unsigned LEB128, 7 bits a byte, lowest first, shortest form, at most 9 bytes (63 bits): a negative number cannot be written |
/// | id, hash, key, nonce | its 32 bytes as they are; an epoch is 16, a signature 64 |
/// | token | 8 bytes, highest first |
/// | bytes | number of bytes, then the bytes |
/// | text | as bytes, strict UTF-8 |
/// | list | number of items, then the items |
/// | optional | 0, or 1 and the value |
/// | event | payload as bytes, then 0, or 1 and the 64 bytes of its signature |
///
/// Payloads travel as their author wrote them. Reading refuses with [dev.waggle.core.event.MalformedPayload] and with nothing else; it never allocates
/// more than a small multiple of the bytes that have really arrived.
package dev.waggle.net.wire;
