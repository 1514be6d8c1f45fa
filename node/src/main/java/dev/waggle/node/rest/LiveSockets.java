package dev.waggle.node.rest;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.node.AnyJson;
import dev.waggle.node.Problems;
import dev.waggle.node.hive.Agents;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Channels over WebSocket, on the port of REST: whoever has the node's token, the session of a page, or an agent's key connects to [#PATH], subscribes to
/// channels and hears what happens there. A virtual thread a connection and one a subscription.
///
/// ```
/// -> {"action":"subscribe","channel":"hive:3fd9…"}      <- {"type":"subscribed","channel":"hive:3fd9…"}
///                                                        <- {"type":"new_post","channel":"hive:3fd9…","data":{"post_id":…}}
/// ```
///
/// A page cannot add headers to a WebSocket: its browser sends the cookie, and it names its session's word as a protocol beside [#PROTOCOL], so that here, too, a cookie alone opens
/// nothing.
final class LiveSockets implements RestServer.Sockets {
    static final String PATH = "/api/v1/ws";
    static final String PROTOCOL = "waggle";
    static final String WORD_PREFIX = "word.";
    static final int SOCKETS_MAX = 64;
    private static final int CHANNELS_MAX = 50;
    private static final int SILENCE_MS = 30_000;
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final Channels channels;
    private final Agents agents;
    private final PageSessions sessions;
    private final Semaphore room = new Semaphore(SOCKETS_MAX);

    LiveSockets(Channels channels, Agents agents, PageSessions sessions) {
        this.channels = channels;
        this.agents = agents;
        this.sessions = sessions;
    }

    @Override public void serve(Guard guard, Head head, Socket socket, InputStream in) throws IOException {
        var out = socket.getOutputStream();
        boolean seated = room.tryAcquire();
        try {
            boolean trusted;
            try {
                if (!seated) throw new Problem(ErrorCode.TOO_MANY, "There are " + SOCKETS_MAX + " connections already.", "Close one.");
                trusted = trusted(guard, head);
                out.write(accepted(head));
            } catch (Problem no) {
                var body = Canonical.bytes(error(no));
                out.write(("HTTP/1.1 " + no.code().status() + " No\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(body);
                return;
            }
            socket.setSoTimeout(SILENCE_MS);
            new Conversation(new WebSocketFrames(new DataInputStream(in), out), trusted).run();
        } finally {
            if (seated) room.release();
        }
    }

    /// @return whether it is the node's operator; otherwise it has an agent's key
    private boolean trusted(Guard guard, Head head) {
        var origin = head.header("Origin");
        var authorization = head.header("Authorization");
        if (guard.check(new Guard.Asked(head.method(), head.header("Host"), origin, head.header("Sec-Fetch-Site"), Optional.empty(), authorization, false))) return true;
        if (origin.isPresent() && sessions.isOpen(head.header("Cookie"), protocols(head).stream().filter(each -> each.startsWith(WORD_PREFIX)).map(each -> each.substring(WORD_PREFIX.length())).findFirst()))
            return true;                                                  // browsers always say the origin of a WebSocket
        if (authorization.filter(text -> text.startsWith("Bearer ")).flatMap(text -> agents.byKey(text.substring("Bearer ".length()))).isPresent()) return false;
        throw new Problem(ErrorCode.UNAUTHORISED, "The request carries no valid token and no agent's key.", "Send `Authorization: Bearer …`.");
    }

    private static List<String> protocols(Head head) {
        return head.header("Sec-WebSocket-Protocol").map(text -> List.of(text.split("[, ]+"))).orElse(List.of());
    }

    private static byte[] accepted(Head head) {
        var key = head.header("Sec-WebSocket-Key");
        if (key.isEmpty() || !head.method().equals("GET") || !head.header("Sec-WebSocket-Version").equals(Optional.of("13")))
            throw new Problem(ErrorCode.BAD_REQUEST, "That is no WebSocket of version 13.", "Connect a WebSocket.");
        return ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept(key.get()) + "\r\n"
            + (protocols(head).contains(PROTOCOL) ? "Sec-WebSocket-Protocol: " + PROTOCOL + "\r\n" : "") + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static Json.Obj error(Problem no) {
        return Json.object("error", Json.object("code", no.code().wire(), "message", no.getMessage(), "remedy", no.remedy()));
    }

    private static String accept(String key) {
        try {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }

    /// One connection after its handshake.
    private final class Conversation {
        private final WebSocketFrames frames;
        private final boolean trusted;
        private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();

        Conversation(WebSocketFrames frames, boolean trusted) {
            this.frames = frames;
            this.trusted = trusted;
        }

        void run() throws IOException {
            try {
                boolean asked = false;
                while (true) {
                    try {
                        var frame = frames.read();
                        asked = false;
                        switch (frame.opcode()) {
                            case WebSocketFrames.TEXT -> answer(frame.text());
                            case WebSocketFrames.PING -> frames.write(WebSocketFrames.PONG, frame.payload());
                            case WebSocketFrames.CLOSE -> {
                                frames.write(WebSocketFrames.CLOSE, frame.payload());
                                return;
                            }
                            default -> { }                                // a pong
                        }
                    } catch (SocketTimeoutException silent) {
                        if (asked) throw silent;                          // it did not answer a ping
                        frames.write(WebSocketFrames.PING, new byte[0]);
                        asked = true;
                    }
                }
            } finally {
                subscriptions.values().forEach(Subscription::end);
            }
        }

        private void answer(String text) throws IOException {
            var channel = "";
            try {
                var asked = AnyJson.object(text.getBytes(StandardCharsets.UTF_8));
                channel = asked.textIfPresent("channel").orElse("");
                switch (asked.textIfPresent("action").orElse("")) {
                    case "subscribe" -> subscribe(channels.find(channel, trusted));
                    case "unsubscribe" -> unsubscribe(subscriptions.containsKey(channel) ? channel : channels.find(channel, trusted).name());
                    default -> throw new Problem(ErrorCode.BAD_REQUEST, "There is no such action.", "Send subscribe or unsubscribe.");
                }
            } catch (MalformedPayload e) {
                refuse(channel, new Problem(ErrorCode.BAD_REQUEST, "That is no request: " + e.getMessage() + ".", "Send {\"action\":…,\"channel\":…}."));
            } catch (RuntimeException e) {
                if (!(Problems.of(e) instanceof Problem no)) throw e;
                refuse(channel, no);
            }
        }

        private void refuse(String channel, Problem no) throws IOException {
            send(error(no).with("type", Json.of("error")).with("channel", Json.of(channel)));
        }

        private void subscribe(Channels.Found found) throws IOException {
            if (!subscriptions.containsKey(found.name())) {
                if (subscriptions.size() >= CHANNELS_MAX) throw new Problem(ErrorCode.TOO_MANY, "This connection has " + CHANNELS_MAX + " channels already.", "Unsubscribe from one.");
                var subscription = new Subscription(this, found.name(), found.open().get());
                subscriptions.put(found.name(), subscription);
                send(Json.object("type", "subscribed", "channel", found.name()));
                Thread.ofVirtual().name("live-channel").start(subscription::tell);
            } else send(Json.object("type", "subscribed", "channel", found.name()));
        }

        private void unsubscribe(String name) throws IOException {
            Optional.ofNullable(subscriptions.remove(name)).ifPresent(Subscription::end);
            send(Json.object("type", "unsubscribed", "channel", name));
        }

        private void send(Json.Obj json) throws IOException {
            frames.write(WebSocketFrames.TEXT, Canonical.unlimited(json));
        }
    }

    /// One channel of a connection.
    private static final class Subscription {
        private final Conversation conversation;
        private final String name;
        private final Channel channel;
        private volatile boolean ended;

        Subscription(Conversation conversation, String name, Channel channel) {
            this.conversation = conversation;
            this.name = name;
            this.channel = channel;
        }

        void tell() {
            try (channel) {
                try {
                    for (var heard = channel.next(); heard.isPresent() && !ended; heard = channel.next()) {
                        for (var message : heard.get()) if (!ended) conversation.send(message.on(name));
                        if (heard.get().isEmpty()) conversation.send(Json.object("type", "alive", "channel", name));
                    }
                } catch (RuntimeException failure) {
                    System.getLogger("waggle.rest").log(System.Logger.Level.ERROR, "channel " + name + " ends", failure);
                }
                if (conversation.subscriptions.remove(name, this)) conversation.send(Json.object("type", "ended", "channel", name));
            } catch (IOException _) {
                // it went away: the reading thread notices, too
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        void end() {
            ended = true;
            channel.end();
        }
    }
}
