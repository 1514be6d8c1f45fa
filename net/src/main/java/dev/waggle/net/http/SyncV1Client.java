package dev.waggle.net.http;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.net.websocket.NodeTls;
import dev.waggle.net.wire.EventJson;
import dev.waggle.net.wire.StrictJson;

import javax.net.ssl.SSLContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks another node over `/sync/v1`. Small and blocking: for tests, scripts and peers that cannot keep a stream. Not thread-safe.
public final class SyncV1Client implements AutoCloseable {
    private static final int ANSWER_BYTES_MAX = 4 << 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private final URI base;
    private final Signer signer;
    private final HttpClient http;
    private final SecureRandom random = new SecureRandom();
    private String token;

    /// What came back, whatever it was.
    public record Answer(int status, byte[] body) {
        /// @throws dev.waggle.core.event.MalformedPayload when the body is no JSON object
        public Json.Obj json() {
            return StrictJson.object(body, ANSWER_BYTES_MAX);
        }
    }

    /// The other side refused.
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1;
        private final transient Answer answer;

        Refused(Answer answer) {
            super("refused with status " + answer.status());
            this.answer = answer;
        }

        public Answer answer() {
            return answer;
        }
    }

    /// Takes whoever is there.
    ///
    /// @param base `http://host:port` (for loopback) or `https://host:port`
    /// @param seed the 32 secret bytes of this side's key
    public SyncV1Client(URI base, byte[] seed) {
        this(base, seed, new NodeTls(seed).context());
    }

    /// Over `https` nothing is sent to anybody but this node; over `http` the handshake finds out, before this side proves anything.
    public SyncV1Client(URI base, byte[] seed, NodeId expected) {
        this(base, seed, new NodeTls(seed).context(expected));
    }

    private SyncV1Client(URI base, byte[] seed, SSLContext tls) {
        this.base = base;
        this.signer = Ed25519.signer(seed);
        this.http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).followRedirects(HttpClient.Redirect.NEVER).proxy(HttpClient.Builder.NO_PROXY).sslContext(tls).build();
    }

    /// Both sides prove themselves; keeps the token for what follows.
    ///
    /// @param expected the node that should be there; empty to take whoever it is
    /// @param space    asked for by name, as a joiner does
    /// @return the second step's answer
    /// @throws Refused when the other side does not know this one
    /// @throws IOException when the other side is not who it should be, or cannot be reached
    public Json.Obj handshake(Optional<NodeId> expected, Optional<SpaceId> space) throws IOException {
        return handshake(expected, space, Json.object());
    }

    /// The same with a ticket: redeemed before membership is looked at.
    public Json.Obj redeem(Optional<NodeId> expected, byte[] ticket, byte[] ticketSignature) throws IOException {
        return handshake(expected, Optional.empty(), Json.object("ticket", Hex.of(ticket), "ticket_signature", Hex.of(ticketSignature)));
    }

    /// Who answers there: the other side proves its key, this side says who it is and nothing more.
    public NodeId who() throws IOException {
        return hello(Optional.empty()).responder();
    }

    private HttpHello hello(Optional<NodeId> expected) throws IOException {
        var nonce = new byte[HttpHello.NONCE_BYTES];
        random.nextBytes(nonce);
        var response = exchange("POST", "/sync/v1/handshake", Canonical.bytes(Json.object("instance_id", signer.node().hex(), "nonce", Hex.of(nonce),
            "versions", Json.array(Json.of((long) HttpHello.VERSION)))));
        var there = good(answer(response)).json();
        var responder = new NodeId(there.text("instance_id"));
        var hello = new HttpHello(signer.node(), responder, Hex.of(nonce), HttpHello.nonce(there.text("nonce")), List.of(HttpHello.VERSION),
            (int) there.integer("version"), NodeTls.certificateHash(response.sslSession()).map(Hex::of).orElse(""));
        var signature = EventJson.bytes(there.text("signature"), Event.SIGNATURE_BYTES);
        if (expected.isPresent() && !expected.get().equals(responder)) throw new IOException("another node answers: " + responder);
        if (!hello.isSigned(HttpHello.Role.RESPONDER, signature, new Ed25519())) throw new IOException("the other side does not prove its key");
        return hello;
    }

    private Json.Obj handshake(Optional<NodeId> expected, Optional<SpaceId> space, Json.Obj more) throws IOException {
        token = null;
        var hello = hello(expected);
        var proof = more.with("instance_id", Json.of(signer.node().hex())).with("nonce", Json.of(hello.responderNonce()))
            .with("signature", Json.of(hello.sign(HttpHello.Role.INITIATOR, signer)));
        if (space.isPresent()) proof = proof.with("sync_group_id", Json.of(space.get().hex()));
        var granted = good(answer(exchange("POST", "/sync/v1/handshake/proof", Canonical.bytes(proof)))).json();
        token = granted.text("sync_token");
        return granted;
    }

    public SyncV1Handler.Page eventsSince(SpaceId space, long since, int limit) throws IOException {
        var page = good(get("/sync/v1/groups/" + space.hex() + "/events?since=" + since + "&limit=" + limit)).json();
        return new SyncV1Handler.Page(SyncV1Json.readEvents(page.array("events"), Integer.MAX_VALUE), page.integer("next_seq"),
            Json.TRUE.equals(page.get("has_more").orElse(Json.FALSE)));
    }

    /// @return `received_seq` and `answers`
    public Json.Obj push(SpaceId space, List<Event> events, long senderSeq) throws IOException {
        return good(post("/sync/v1/groups/" + space.hex() + "/events", Json.object("events", SyncV1Json.events(events), "sender_seq", senderSeq))).json();
    }

    /// The events with these ids (500 at most), as far as the other side has them and they fit one answer.
    public List<Event> entries(SpaceId space, List<EventId> ids) throws IOException {
        var answer = good(post("/api/v0", Json.object("GetEntries", Json.object("tree_id", space.hex(), "ids", SyncV1Json.ids(ids))))).json();
        return SyncV1Json.readEvents(answer.array("Entries"), SyncV1Json.IDS_MAX);
    }

    /// Lines that the other side wrote to a task's log, as `SyncV1Handler.taskLog` answers them.
    public Json.Obj taskLog(SpaceId space, String task, String after, long waitMs) throws IOException {
        return good(get("/sync/v1/groups/" + space.hex() + "/tasks/" + task + "/log?wait_ms=" + waitMs + (after.isEmpty() ? "" : "&after=" + after))).json();
    }

    public SortedMap<SpaceId, Long> heartbeat(SortedMap<SpaceId, Long> seqBySpace) throws IOException {
        var body = Json.object("instance_id", signer.node().hex(), "seq_by_hive", SyncV1Json.seqBySpace(seqBySpace));
        return SyncV1Json.readSeqBySpace(good(post("/sync/v1/heartbeat", body)).json().object("seq_by_hive"));
    }

    /// A heartbeat that also asks where others are, and says what this side knows of them.
    public List<SyncV1Handler.KnownPeer> gossip(List<SyncV1Handler.KnownPeer> known) throws IOException {
        var body = Json.object("instance_id", signer.node().hex(), "seq_by_hive", Json.object(), "known_peers", SyncV1Json.knownPeers(known));
        return SyncV1Json.readKnownPeers(good(post("/sync/v1/heartbeat", body)).json().array("known_peers"));
    }

    public Answer get(String path) throws IOException {
        return answer(exchange("GET", path, null));
    }

    public Answer post(String path, Json.Obj body) throws IOException {
        return answer(exchange("POST", path, Canonical.bytes(body)));
    }

    /// Sends bytes as they are: what a peer of another make might send.
    Answer postRaw(String path, byte[] body) throws IOException {
        return answer(exchange("POST", path, body));
    }

    private static Answer good(Answer answer) throws Refused {
        if (answer.status() != 200) throw new Refused(answer);
        return answer;
    }

    private static Answer answer(HttpResponse<byte[]> response) {
        return new Answer(response.statusCode(), response.body());
    }

    private HttpResponse<byte[]> exchange(String method, String path, byte[] body) throws IOException {
        var request = HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT);
        if (token != null) request.header("Authorization", "Bearer " + token);
        if (body == null) request.method(method, HttpRequest.BodyPublishers.noBody());
        else request.header("Content-Type", "application/json").method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        var asked = http.sendAsync(request.build(), HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
        try {
            return asked.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);      // for the whole answer: a body that drips ends with it
        } catch (InterruptedException e) {
            asked.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (TimeoutException e) {
            asked.cancel(true);
            throw new IOException("it did not answer within " + TIMEOUT.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException("the connection failed", e.getCause());
        }
    }

    @Override public void close() {
        http.shutdownNow();
    }
}
