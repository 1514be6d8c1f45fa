package dev.waggle.sync.protocol;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Statement;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.log.Role;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A signed, expiring invitation to a space, good once, at its issuer only.
///
/// As text it is `waggle1` and base64url of: two bytes length of the statement, the statement, its signature, and the first four bytes of the
/// SHA-256 of all that. So a ticket that was cut off is told from one with a typing error before anything is dialled. Whoever holds the text
/// may use it: it travels like a password.
///
/// @param secret    128 random bits: what nobody can guess
/// @param expiresMs wall clock
/// @param forNode   the only node that may use it, if one is named
/// @param bytes     the canonical statement `waggle-ticket/1` that was signed
public record Ticket(SpaceId space, String spaceName, NodeId issuer, List<String> addresses, Role role, byte[] secret, long expiresMs,
                     Optional<NodeId> forNode, byte[] bytes, byte[] signature) {
    public static final String KIND = "waggle-ticket/1";
    public static final String PREFIX = "waggle1";
    public static final int SECRET_BYTES = 16;
    public static final int BYTES_MAX = 8 * 1024;
    public static final int ADDRESSES_MAX = 8;
    private static final int CHECK_BYTES = 4;

    public Ticket {
        addresses = List.copyOf(addresses);
        if (addresses.size() > ADDRESSES_MAX) throw new IllegalArgumentException("a ticket has at most " + ADDRESSES_MAX + " addresses");
        if (secret.length != SECRET_BYTES) throw new IllegalArgumentException("a ticket's secret has " + SECRET_BYTES + " bytes");
    }

    /// @param secret [#SECRET_BYTES] fresh random bytes
    public static Ticket issue(Signer issuer, SpaceId space, String spaceName, List<String> addresses, Role role, byte[] secret, long expiresMs,
                               Optional<NodeId> forNode) {
        var statement = Statement.sign(KIND, Json.object(
            "space", space.hex(),
            "space_name", spaceName,
            "issuer", issuer.node().hex(),
            "addresses", Json.array(addresses.stream().map(Json::of).toList()),
            "role", role.wire(),
            "secret", Hex.of(secret),
            "expires", expiresMs,
            "for", forNode.map(NodeId::hex).orElse(null)), issuer);
        if (statement.bytes().length > BYTES_MAX) throw new IllegalArgumentException("a ticket has at most " + BYTES_MAX + " bytes");
        return new Ticket(space, spaceName, issuer.node(), addresses, role, secret.clone(), expiresMs, forNode, statement.bytes(),
            statement.signature());
    }

    /// Reads what a joiner presents or a person pasted, after the text form was checked.
    ///
    /// @throws BadTicket [TicketProblem#DAMAGED] or [TicketProblem#FORGED]
    public static Ticket read(byte[] bytes, byte[] signature, Verifier verifier) {
        try {
            if (bytes.length > BYTES_MAX) throw new BadTicket(TicketProblem.DAMAGED);
            var claimed = new NodeId(dev.waggle.core.event.Canonical.parseObject(bytes).text("issuer"));
            var body = signed(bytes, signature, claimed, verifier).body();
            return new Ticket(new SpaceId(body.text("space")), body.text("space_name"), claimed,
                body.array("addresses").stream().map(Json::asText).toList(), Role.of(body.text("role")), Hex.bytes(body.text("secret")),
                body.integer("expires"), body.textIfPresent("for").map(NodeId::new), bytes, signature);
        } catch (MalformedPayload | IllegalArgumentException _) {
            throw new BadTicket(TicketProblem.DAMAGED);
        }
    }

    private static Statement signed(byte[] bytes, byte[] signature, NodeId issuer, Verifier verifier) {
        try {
            return Statement.read(KIND, bytes, signature, issuer, verifier);
        } catch (MalformedPayload _) {
            throw new BadTicket(TicketProblem.FORGED);
        }
    }

    public String text() {
        var whole = ByteBuffer.allocate(2 + bytes.length + signature.length + CHECK_BYTES);
        whole.putShort((short) bytes.length).put(bytes).put(signature);
        whole.put(check(whole.array(), whole.position()));
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(whole.array());
    }

    /// Reads the text form. White space anywhere is ignored: tickets are pasted from wrapped lines.
    ///
    /// @throws BadTicket with the reason
    public static Ticket parse(String text, Verifier verifier) {
        var packed = text.replaceAll("\\s", "");
        if (!packed.startsWith(PREFIX)) throw new BadTicket(PREFIX.startsWith(packed) && !packed.isEmpty() ? TicketProblem.TRUNCATED
            : TicketProblem.NOT_A_TICKET);
        if (packed.length() > 2 * (BYTES_MAX + Event.SIGNATURE_BYTES)) throw new BadTicket(TicketProblem.DAMAGED);
        var whole = decoded(packed.substring(PREFIX.length()));
        if (whole.length < 2) throw new BadTicket(TicketProblem.TRUNCATED);
        int statementBytes = Short.toUnsignedInt(ByteBuffer.wrap(whole).getShort());
        int expected = 2 + statementBytes + Event.SIGNATURE_BYTES + CHECK_BYTES;
        if (statementBytes > BYTES_MAX || whole.length > expected) throw new BadTicket(TicketProblem.DAMAGED);
        if (whole.length < expected) throw new BadTicket(TicketProblem.TRUNCATED);
        if (!Arrays.equals(check(whole, expected - CHECK_BYTES), Arrays.copyOfRange(whole, expected - CHECK_BYTES, expected)))
            throw new BadTicket(TicketProblem.DAMAGED);
        return read(Arrays.copyOfRange(whole, 2, 2 + statementBytes),
            Arrays.copyOfRange(whole, 2 + statementBytes, expected - CHECK_BYTES), verifier);
    }

    /// What stops `node` from using this ticket now, as far as the ticket itself says.
    public Optional<TicketProblem> problemFor(NodeId node, long wallMs) {
        if (wallMs > expiresMs) return Optional.of(TicketProblem.EXPIRED);
        if (forNode.isPresent() && !forNode.get().equals(node)) return Optional.of(TicketProblem.FOR_ANOTHER_NODE);
        return Optional.empty();
    }

    /// Names the ticket without giving it away: what an issuer writes down when it was used.
    public String fingerprint() {
        return Hex.of(Sha256.of(bytes));
    }

    private static byte[] decoded(String base64) {
        for (int i = 0; i < base64.length(); i++) {
            char c = base64.charAt(i);
            boolean known = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_';
            if (!known) throw new BadTicket(TicketProblem.DAMAGED);
        }
        // A last single character carries six bits and no whole byte: only cutting makes such a length.
        var whole = base64.length() % 4 == 1 ? base64.substring(0, base64.length() - 1) : base64;
        try {
            return Base64.getUrlDecoder().decode(whole);
        } catch (IllegalArgumentException _) {
            throw new BadTicket(TicketProblem.DAMAGED);
        }
    }

    private static byte[] check(byte[] whole, int length) {
        return Arrays.copyOf(Sha256.of(Arrays.copyOf(whole, length)), CHECK_BYTES);
    }

    @Override public boolean equals(Object other) {
        return other instanceof Ticket ticket && Arrays.equals(ticket.bytes, bytes);
    }

    @Override public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override public String toString() {
        return "Ticket[" + space.brief() + " by " + issuer.brief() + "]";      // never the secret
    }
}
