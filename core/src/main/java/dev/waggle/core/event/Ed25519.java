package dev.waggle.core.event;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Ed25519 (RFC 8032) under the one strict rule of every node: cofactorless equation, S < L, canonical encodings, and neither the
/// key nor R of small order. Bouncy Castle's check is all of that but the last; the JDK's accepts forgeries under small-order keys.
public final class Ed25519 implements Verifier {
    public static final int SEED_BYTES = 32;
    private static final int KEYS_CACHED_MAX = 4_096;

    /// The eight points of small order, and the encodings of them that are not canonical.
    private static final List<byte[]> SMALL_ORDER = List.of(
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")
        .stream().map(HexFormat.of()::parseHex).toList();

    /// Keys whose point was checked once: decompressing and checking the order costs about as much as a verification.
    private final ConcurrentHashMap<NodeId, Optional<org.bouncycastle.math.ec.rfc8032.Ed25519.PublicPoint>> points = new ConcurrentHashMap<>();

    @Override public boolean verify(NodeId signer, byte[] message, byte[] signature) {
        if (signature.length != Event.SIGNATURE_BYTES) return false;
        var point = point(signer);
        if (point.isEmpty() || isSmallOrder(signature)) return false;
        return org.bouncycastle.math.ec.rfc8032.Ed25519.verify(signature, 0, point.get(), message, 0, message.length);
    }

    /// True for a canonical point of the prime-order group: what a node id must be before anything else is believed of it.
    @Override public boolean isValidKey(NodeId node) {
        return point(node).isPresent();
    }

    private Optional<org.bouncycastle.math.ec.rfc8032.Ed25519.PublicPoint> point(NodeId node) {
        var known = points.get(node);
        if (known != null) return known;
        if (points.size() >= KEYS_CACHED_MAX) points.clear();
        var key = node.bytes();
        var point = isSmallOrder(key) ? null : org.bouncycastle.math.ec.rfc8032.Ed25519.validatePublicKeyFullExport(key, 0);
        var checked = Optional.ofNullable(point);
        points.put(node, checked);
        return checked;
    }

    private static boolean isSmallOrder(byte[] startsWithPoint) {
        for (var point : SMALL_ORDER) if (Arrays.equals(point, 0, 32, startsWithPoint, 0, 32)) return true;
        return false;
    }

    /// A signer for a secret seed of [#SEED_BYTES] bytes, which the caller got from the operating system's generator.
    public static Signer signer(byte[] seed) {
        if (seed.length != SEED_BYTES) throw new IllegalArgumentException("an Ed25519 seed is " + SEED_BYTES + " bytes");
        var secret = seed.clone();
        var publicKey = new byte[32];
        org.bouncycastle.math.ec.rfc8032.Ed25519.generatePublicKey(secret, 0, publicKey, 0);
        return new SeedSigner(NodeId.of(publicKey), secret, publicKey);
    }

    private record SeedSigner(NodeId node, byte[] seed, byte[] publicKey) implements Signer {
        @Override public byte[] sign(byte[] message) {
            var signature = new byte[Event.SIGNATURE_BYTES];
            org.bouncycastle.math.ec.rfc8032.Ed25519.sign(seed, 0, publicKey, 0, message, 0, message.length, signature, 0);
            return signature;
        }

        @Override public String toString() {
            return "Signer[" + node.brief() + "]";      // never the seed
        }
    }
}
