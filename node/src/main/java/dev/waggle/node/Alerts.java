package dev.waggle.node;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Tells when a peer falls behind or cannot be reached any more, and when that is over: a line in the log, a count for the metrics, and a webhook if the settings name one. Once for each time, not once for
/// each look: an alert stands until the lag is below half of the limit. Thread-safe.
public final class Alerts implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("waggle.alerts");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /// @param lag events that the peer is not known to have
    public record Lag(NodeId peer, SpaceId space, String spaceName, long lag) {
        String key() {
            return peer.hex() + space.hex();
        }
    }

    private long limit;                          // these four are guarded by this
    private Consumer<Json.Obj> webhook = _ -> { };
    private final Set<String> standing = new TreeSet<>();
    private final Set<NodeId> unreached = new TreeSet<>();
    private final AtomicLong raised = new AtomicLong();
    private final AtomicLong undelivered = new AtomicLong();
    private ExecutorService sender;
    private HttpClient http;

    Alerts(SyncOptions options) {
        change(options);
    }

    /// Tells from now on as these options say. What stands is not told again.
    synchronized void change(SyncOptions options) {
        limit = options.alertLag();
        webhook = options.webhook().map(URI::create).<Consumer<Json.Obj>>map(at -> alert -> deliver(at, alert)).orElse(_ -> { });
    }

    private void deliver(URI at, Json.Obj alert) {
        if (sender == null) {
            http = HttpClient.newBuilder().connectTimeout(TIMEOUT).followRedirects(HttpClient.Redirect.NEVER).build();
            sender = Executors.newSingleThreadExecutor(Thread.ofVirtual().name("alerts").factory());
        }
        sender.execute(() -> post(at, alert));
    }

    /// For tests: `webhook` is told instead of an address.
    Alerts(long limit, Consumer<Json.Obj> webhook) {
        this.limit = limit;
        this.webhook = webhook;
    }

    synchronized void look(List<Lag> lags) {
        if (limit == 0) return;
        for (var each : lags) {
            if (each.lag() > limit && standing.add(each.key())) say(each, "sync_lag");
            else if (each.lag() <= limit / 2 && standing.remove(each.key())) say(each, "sync_lag_over");
        }
        var known = new TreeSet<String>();
        lags.forEach(each -> known.add(each.key()));
        standing.retainAll(known);                                     // a peer or a space that is gone lags no more
    }

    /// @param error why the last attempt failed
    public record Reach(NodeId peer, String name, boolean isError, int failures, String error) {}

    synchronized void lookAtPeers(List<Reach> peers) {
        for (var each : peers) {
            if (each.isError() && unreached.add(each.peer())) say(each, "peer_error");
            else if (!each.isError() && unreached.remove(each.peer())) say(each, "peer_error_over");
        }
        unreached.retainAll(peers.stream().map(Reach::peer).toList());
    }

    private void say(Reach reach, String type) {
        boolean bad = type.equals("peer_error");
        if (bad) raised.incrementAndGet();
        LOG.log(bad ? System.Logger.Level.WARNING : System.Logger.Level.INFO, "peer=" + reach.peer().brief() + (bad ? " failures=" + reach.failures() + " cannot be reached" : " is reached again"));
        webhook.accept(Json.object("type", type, "peer", reach.peer().hex(), "name", reach.name(), "failures", reach.failures(), "last_error", reach.error()));
    }

    private void say(Lag lag, String type) {
        boolean bad = type.equals("sync_lag");
        if (bad) raised.incrementAndGet();
        LOG.log(bad ? System.Logger.Level.WARNING : System.Logger.Level.INFO, "peer=" + lag.peer().brief() + " space=" + lag.space().brief() + " lag=" + lag.lag()
            + (bad ? " is more than " + Plural.of(limit, "event") + " behind" : " has caught up"));
        webhook.accept(Json.object("type", type, "peer", lag.peer().hex(), "space", lag.space().hex(), "hive_name", lag.spaceName(), "lag", lag.lag(), "limit", limit));
    }

    private void post(URI at, Json.Obj alert) {
        try {
            var request = HttpRequest.newBuilder(at).timeout(TIMEOUT).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofByteArray(Canonical.bytes(alert))).build();
            var status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status >= 300) throw new IOException("status " + status);
        } catch (IOException e) {
            undelivered.incrementAndGet();
            LOG.log(System.Logger.Level.WARNING, "an alert could not be delivered: " + e.getMessage());       // never the address: it may hold a secret
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Alerts that stand now, raised since the start, and not delivered.
    public record Numbers(int standing, long raised, long undelivered) {}

    public synchronized Numbers numbers() {
        return new Numbers(standing.size() + unreached.size(), raised.get(), undelivered.get());
    }

    @Override public synchronized void close() {
        webhook = _ -> { };
        if (sender == null) return;
        sender.shutdownNow();
        http.shutdownNow();
    }
}
