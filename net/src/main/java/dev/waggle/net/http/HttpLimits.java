package dev.waggle.net.http;

/// What the HTTP binding takes, from whom.
///
/// @param bodyBytesMax          of a request with a token
/// @param handshakeBytesMax     of a request without one
/// @param strangersPerMinute    handshakes and refused tokens of one address; a handshake that succeeds is given back
/// @param tokenMs               a session token's life, at most an hour
/// @param handshakeMs           from the first step of a handshake to the second
/// @param requestsAtOnce        requests in work at the same time; more are told to come back
/// @param pageEventsMax         events a page or a push
/// @param pageBytesMax          of payload a page
public record HttpLimits(int bodyBytesMax, int handshakeBytesMax, int strangersPerMinute, long tokenMs, long handshakeMs, int requestsAtOnce,
                         int pageEventsMax, int pageBytesMax) {
    public static final HttpLimits DEFAULT = new HttpLimits(1 << 20, 16 * 1024, 30, 3_600_000, 10_000, 64, 500, 512 * 1024);

    public HttpLimits {
        if (tokenMs > 3_600_000) throw new IllegalArgumentException("a session token lives an hour at most");
    }
}
