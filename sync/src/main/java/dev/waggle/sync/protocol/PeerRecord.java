package dev.waggle.sync.protocol;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Statement;
import dev.waggle.core.event.Verifier;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// Where a node can be reached, in its own words: the canonical statement `waggle-peer/1`, signed by the node it speaks of, so whoever passes it on
/// can neither make one up nor change one. A later `issued` replaces an earlier.
///
/// @param addresses `host:port`, at most [#ADDRESSES_MAX]
/// @param spaces    which spaces the node takes part in, each as the first 16 bytes of SHA-256(space id, node id, issued), hexadecimal: means something
///     only to who knows the space. Empty when it is in more than [#SPACES_MAX]: then the logs alone say which spaces are shared
/// @param issuedMs  the subject's wall clock
/// @param expiresMs at most [#LIFE_MS_MAX] later
/// @param bytes     the canonical statement, at most [#BYTES_MAX]
public record PeerRecord(NodeId node, List<String> addresses, List<String> spaces, long issuedMs, long expiresMs, byte[] bytes, byte[] signature) {
    public static final String KIND = "waggle-peer/1";
    public static final int BYTES_MAX = 1_024;
    public static final int ADDRESSES_MAX = 4;
    public static final int SPACES_MAX = 12;
    public static final long LIFE_MS_MAX = 24 * 3_600_000L;
    private static final int ADDRESS_CHARS_MAX = 64;
    private static final int NAME_CHARS = 32;

    public static PeerRecord issue(Signer subject, List<String> addresses, Collection<SpaceId> spaces, long issuedMs, long lifeMs) {
        var names = spaces.size() > SPACES_MAX ? List.<String>of() : spaces.stream().map(space -> name(space, subject.node(), issuedMs)).sorted().toList();
        var short64 = addresses.stream().filter(address -> address.length() <= ADDRESS_CHARS_MAX).limit(ADDRESSES_MAX).toList();
        var statement = Statement.sign(KIND, Json.object(
            "node", subject.node().hex(),
            "addresses", Json.array(short64.stream().map(Json::of).toList()),
            "spaces", Json.array(names.stream().map(Json::of).toList()),
            "issued", issuedMs,
            "expires", issuedMs + Math.min(lifeMs, LIFE_MS_MAX)), subject);
        return new PeerRecord(subject.node(), short64, names, issuedMs, issuedMs + Math.min(lifeMs, LIFE_MS_MAX), statement.bytes(), statement.signature());
    }

    /// Reads a record without looking at its signature: see [#isSigned].
    ///
    /// @throws MalformedPayload when it is not one record within the limits
    public static PeerRecord read(byte[] bytes, byte[] signature) {
        if (bytes.length > BYTES_MAX) throw new MalformedPayload("a peer record has at most " + BYTES_MAX + " bytes");
        try {
            var body = Canonical.parseObject(bytes);
            if (!Json.object("is", KIND).equals(body.object("$"))) throw new MalformedPayload("expected " + KIND);
            var addresses = body.array("addresses").stream().map(Json::asText).toList();
            var spaces = body.array("spaces").stream().map(Json::asText).toList();
            long issuedMs = body.integer("issued");
            long expiresMs = body.integer("expires");
            if (addresses.size() > ADDRESSES_MAX || addresses.stream().anyMatch(address -> address.length() > ADDRESS_CHARS_MAX) || spaces.size() > SPACES_MAX
                || spaces.stream().anyMatch(name -> !Hex.isLower(name, NAME_CHARS)) || issuedMs < 0 || expiresMs <= issuedMs || expiresMs - issuedMs > LIFE_MS_MAX)
                throw new MalformedPayload("a peer record is outside its limits");
            return new PeerRecord(new NodeId(body.text("node")), addresses, spaces, issuedMs, expiresMs, bytes, signature);
        } catch (IllegalArgumentException e) {
            throw new MalformedPayload("peer record: " + e.getMessage());
        }
    }

    boolean isSigned(Verifier verifier) {
        return verifier.verify(node, bytes, signature);
    }

    /// The subject says that it takes part in this space, or does not say in which.
    boolean names(SpaceId space) {
        return spaces.isEmpty() || spaces.contains(name(space, node, issuedMs));
    }

    private static String name(SpaceId space, NodeId node, long issuedMs) {
        var hash = Sha256.of(space.bytes(), node.bytes(), ByteBuffer.allocate(Long.BYTES).putLong(issuedMs).array());
        return Hex.of(Arrays.copyOf(hash, NAME_CHARS / 2));
    }

    @Override public boolean equals(Object other) {
        return other instanceof PeerRecord record && Arrays.equals(record.bytes, bytes) && Arrays.equals(record.signature, signature);
    }

    @Override public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
