package dev.waggle.lab.bench;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.Statement;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Two thousand nodes come to one hub with a key, each with its own id and proof, and stay; then all of them say that they are there, as fast as they are answered.
final class HubGuests implements Question {
    private static final int GUESTS = 2_000;
    private static final int FULL_BEATS = 20;
    private static final String NONCE = "ab".repeat(32);
    private static final String BEAT = "{\"id\":2,\"type\":\"heartbeat\"}";

    @Override public String name() {
        return "hub";
    }

    @Override public List<Measure> ask(Setting setting, Path folder) throws Exception {
        var guests = new ArrayList<Guest>();
        try (var hub = new NodeProcess(setting.launcher(), folder, "hub"); var http = HttpClient.newHttpClient()) {
            hub.up("--hub");
            hub.ask("hub", "org", "add", "acme");
            var key = hub.ask("hub", "key", "add", "acme", "all").text("secret");
            var url = URI.create("ws://" + hub.listen() + "/api/v1/nodes/connect");
            guests.add(Guest.enter(http, url, key, 0));
            double before = hub.residentMiB();
            long began = System.nanoTime();
            for (int i = 1; i < GUESTS; i++) guests.add(Guest.enter(http, url, key, i));
            double enterSeconds = (System.nanoTime() - began) / 1e9;
            double each = (hub.residentMiB() - before) * 1024 / (GUESTS - 1);
            double cpu = hub.cpuSeconds();
            began = System.nanoTime();
            for (int beat = 0; beat < FULL_BEATS; beat++) {
                for (var guest : guests) guest.say(BEAT);
                for (var guest : guests) guest.hear("alive");
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            double messages = (double) FULL_BEATS * GUESTS;
            return List.of(
                Measure.once("a hub lets nodes in, each registered durably", "nodes/s", "200", "-", (GUESTS - 1) / enterSeconds),
                Measure.once("its memory for each of " + GUESTS + " connected nodes", "KiB", "60", "-", each),
                Measure.once("its memory with all of them", "MiB", "250", "-", hub.residentMiB()),
                Measure.once("messages that it answers, all nodes at once", "messages/s", "10,000", "-", messages / seconds),
                Measure.once("its CPU for each message", "us", "60", "-", 1e6 * (hub.cpuSeconds() - cpu) / messages));
        } finally {
            for (var guest : guests) guest.socket.abort();
        }
    }

    /// One node as the hub sees it.
    private static final class Guest implements WebSocket.Listener {
        private final BlockingQueue<Json.Obj> heard = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();
        private WebSocket socket;

        static Guest enter(HttpClient http, URI url, String key, int number) throws Exception {
            var guest = new Guest();
            guest.socket = http.newWebSocketBuilder().header("Authorization", "Bearer " + key).buildAsync(url, guest).get(30, TimeUnit.SECONDS);
            var challenge = guest.hear("challenge");
            Signer signer = Ed25519.signer(ByteBuffer.allocate(32).putInt(number + 1).array());
            var name = "n" + number;
            var proof = Statement.sign("waggle-hub-greeting/1", Json.object("role", "node", "hub", challenge.text("hub"), "node", signer.node().hex(), "hub_nonce", challenge.text("nonce"), "node_nonce", NONCE,
                "name", name, "public_url", ""), signer);
            guest.say(Canonical.text(Json.object("type", "register", "id", 1, "node", signer.node().hex(), "name", name, "nonce", NONCE, "signature", Hex.of(proof.signature()))));
            guest.hear("registered");
            return guest;
        }

        void say(String text) throws Exception {
            socket.sendText(text, true).get(30, TimeUnit.SECONDS);
        }

        Json.Obj hear(String type) throws InterruptedException {
            var next = heard.poll(60, TimeUnit.SECONDS);
            if (next == null || !next.text("type").equals(type)) throw new IllegalStateException("expected " + type + ", the hub said " + next);
            return next;
        }

        @Override public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                heard.add(Canonical.parseObject(part.toString().getBytes(StandardCharsets.UTF_8)));
                part.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
