package dev.waggle.core.event;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// One signed change, or one atomic batch of changes, in a space's log. The payload bytes are what its author wrote: they are stored,
/// hashed, verified and forwarded as they are. Equal ids mean equal events.
///
/// An event read from bytes is well-formed; whether its signature is good and its author was allowed to write it is decided by
/// `core.log`. The signature may be absent: an inner event of a run is vouched for by the run's last signature.
public final class Event {
    public static final int PAYLOAD_BYTES_MAX = 64 * 1024;
    public static final int SIGNATURE_BYTES = 64;

    private static final Set<String> READ_BY_ALL = Set.of(Envelope.MEMBER, ChunkId.MEMBER);

    private final EventId id;
    private final byte[] payload;
    private final byte[] signature;      // null when absent; not part of equality: the id covers the payload only
    private Envelope envelope;           // these three are parsed when asked for; parsing twice gives equal values
    private List<ChunkId> chunks;
    private Json.Obj body;

    private Event(EventId id, byte[] payload, byte[] signature, Envelope envelope, List<ChunkId> chunks, Json.Obj body) {
        this.id = id;
        this.payload = payload;
        this.signature = signature;
        this.envelope = envelope;
        this.chunks = chunks;
        this.body = body;
    }

    /// Reads an event that somebody sent. All of it is checked; of what only its app reads nothing is built.
    ///
    /// @param signature [#SIGNATURE_BYTES] bytes, or null
    /// @throws MalformedPayload when the payload is too large, not canonical or has no valid envelope
    public static Event read(byte[] payload, byte[] signature) {
        return read(payload, signature, null);
    }

    /// As [#read(byte[], byte[])], for one of many: what it says as another one does is kept once.
    ///
    /// @param like read before, of the same chain if possible; null for none
    public static Event read(byte[] payload, byte[] signature, Event like) {
        if (payload.length > PAYLOAD_BYTES_MAX) throw new MalformedPayload("payload of " + payload.length + " bytes: at most " + PAYLOAD_BYTES_MAX);
        if (signature != null) requireSignatureSize(signature);
        var read = Canonical.members(payload, READ_BY_ALL);
        return new Event(new EventId(Hex.of(Sha256.of(payload))), payload, signature, Envelope.fromJson(read.object(Envelope.MEMBER), like), ChunkId.listed(read), null);
    }

    /// An event that was read or written before and kept: its hash is checked, the rest was. Whoever only passes it on does not parse it.
    ///
    /// @param id as it was kept; [EventId#bytes]
    /// @return empty when `payload` is not what the id says
    public static Optional<Event> kept(byte[] id, byte[] payload, byte[] signature) {
        if (!Arrays.equals(Sha256.of(payload), id) || signature != null && signature.length != SIGNATURE_BYTES) return Optional.empty();
        return Optional.of(new Event(EventId.of(id), payload, signature, null, null, null));
    }

    /// Writes a new event: the app's members at the top level and the envelope under "$". Not yet signed.
    ///
    /// @throws PayloadTooLarge when the payload does not fit; the caller splits or bundles it
    public static Event write(Envelope envelope, Json.Obj body) {
        if (body.members().containsKey(Envelope.MEMBER)) throw new IllegalArgumentException("\"$\" is reserved");
        var members = new TreeMap<>(body.members());
        members.put(Envelope.MEMBER, envelope.toJson());
        var whole = new Json.Obj(members);
        var payload = Canonical.bytes(whole);
        if (payload.length > PAYLOAD_BYTES_MAX) throw new PayloadTooLarge(payload.length);
        return new Event(new EventId(Hex.of(Sha256.of(payload))), payload, null, envelope, ChunkId.listed(body), whole);
    }

    private static void requireSignatureSize(byte[] signature) {
        if (signature.length != SIGNATURE_BYTES) throw new MalformedPayload("a signature is " + SIGNATURE_BYTES + " bytes");
    }

    public Event signed(Signer signer) {
        return withSignature(signer.sign(payload));
    }

    /// @throws MalformedPayload when `newSignature` is not [#SIGNATURE_BYTES] bytes
    public Event withSignature(byte[] newSignature) {
        requireSignatureSize(newSignature);
        return new Event(id, payload, newSignature, envelope, chunks, body);
    }

    public Event withoutSignature() {
        return signature == null ? this : new Event(id, payload, null, envelope, chunks, body);
    }

    /// The same without what can be parsed again: for who keeps many.
    public Event light() {
        return new Event(id, payload, signature, envelope, chunks, null);
    }

    public EventId id() {
        return id;
    }

    /// The bytes themselves, not a copy: callers do not write to them.
    public byte[] payload() {
        return payload;
    }

    public Optional<byte[]> signature() {
        return Optional.ofNullable(signature);
    }

    public Envelope envelope() {
        if (envelope == null) envelope = Envelope.fromJson(body().object(Envelope.MEMBER));
        return envelope;
    }

    /// The chunks that have to be stored before this event is admitted. Anything else under [ChunkId#MEMBER] than a list of ids is the app's own.
    public List<ChunkId> chunks() {
        if (chunks == null) chunks = ChunkId.listed(body());
        return chunks;
    }

    public ChainId chain() {
        return envelope().chain();
    }

    public long seq() {
        return envelope().seq();
    }

    public String type() {
        return envelope().type();
    }

    public EventRef ref() {
        return new EventRef(id, chain(), seq());
    }

    /// The space this event belongs to: its own id for a genesis.
    public SpaceId space() {
        return envelope().space().orElseGet(() -> new SpaceId(id.hex()));
    }

    /// The whole payload as JSON, the envelope included.
    public Json.Obj body() {
        if (body == null) body = Canonical.parseObject(payload);
        return body;
    }

    @Override public boolean equals(Object other) {
        return other instanceof Event event && event.id.equals(id);
    }

    @Override public int hashCode() {
        return id.hashCode();
    }

    @Override public String toString() {
        return type() + " " + chain() + "#" + seq() + " " + id.brief();
    }
}
