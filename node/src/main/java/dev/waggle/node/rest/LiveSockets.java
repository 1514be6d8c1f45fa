package dev.waggle.node.rest;

import dev.waggle.apps.hive.News;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.node.AnyJson;
import dev.waggle.node.hive.Hives;
import dev.waggle.node.hive.Hives.Hive;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.node.type.Audience;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// WebSocket channels on loopback: a program connects to [#PATH] with the node's token or an agent's key, subscribes to `hive:{id}` and hears what changes
/// there. A port of its own, because the JDK's HTTP server cannot change protocols. A virtual thread a connection and one a subscription.
///
/// ```
/// -> {"action":"subscribe","channel":"hive:3fd9…"}      <- {"type":"subscribed","channel":"hive:3fd9…"}
///                                                        <- {"type":"new_post","channel":"hive:3fd9…","data":{"post_id":…}}
/// ```
final class LiveSockets implements AutoCloseable {
    static final String PATH = "/api/v1/ws";
    static final int SOCKETS_MAX = 64;
    private static final int CHANNELS_MAX = 50;
    private static final int HEAD_BYTES_MAX = 8_192;
    private static final int HANDSHAKE_MS = 10_000;
    private static final int SILENCE_MS = 30_000;
    private static final long LOOK_MS = 15_000;
    private static final long ACCEPT_REST_MS = 50;
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String CHANNEL = "hive:";

    private final Hives hives;
    private final ServerSocket listener;
    private final Guard guard;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private LiveSockets(Hives hives, ServerSocket listener, String token) {
        this.hives = hives;
        this.listener = listener;
        this.guard = new Guard(listener.getLocalPort(), token);
    }

    static LiveSockets start(Hives hives, String token) {
        try {
            var sockets = new LiveSockets(hives, new ServerSocket(0, 64, InetAddress.getLoopbackAddress()), token);
            Thread.ofPlatform().daemon().name("live-sockets").start(sockets::accept);
            return sockets;
        } catch (IOException e) {
            throw new Problem(ErrorCode.STORAGE, "No port for WebSockets is free: " + e.getMessage() + ".", "Close programs that hold many ports.", e);
        }
    }

    String address() {
        return "ws://127.0.0.1:" + listener.getLocalPort() + PATH;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var socket = listener.accept();
                open.add(socket);
                Thread.ofVirtual().name("live-socket").start(() -> serve(socket));
            } catch (IOException _) {
                if (!listener.isClosed()) rest();                         // one that went away before it was accepted, or no file handles are left
            }
        }
    }

    private static void rest() {
        try {
            Thread.sleep(ACCEPT_REST_MS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setSoTimeout(HANDSHAKE_MS);
            socket.setTcpNoDelay(true);
            var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            try {
                if (open.size() > SOCKETS_MAX) throw new Problem(ErrorCode.TOO_MANY, "There are " + SOCKETS_MAX + " connections already.", "Close one.");
                var key = handshake(in);
                socket.getOutputStream().write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept(key) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            } catch (Problem no) {
                var body = Canonical.text(error(no));
                socket.getOutputStream().write(("HTTP/1.1 " + no.code().status() + " No\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                    + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8));
                return;
            }
            socket.setSoTimeout(SILENCE_MS);
            new Conversation(new WebSocketFrames(in, socket.getOutputStream())).run();
        } catch (IOException _) {
            // it went away, or broke the protocol: nothing is lost by that
        } finally {
            open.remove(socket);
        }
    }

    private static Json.Obj error(Problem no) {
        return Json.object("error", Json.object("code", no.code().wire(), "message", no.getMessage(), "remedy", no.remedy()));
    }

    /// @return the client's key, when it may look on
    private String handshake(DataInputStream in) throws IOException {
        var head = head(in).split("\r\n");
        var request = head[0].split(" ");
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < head.length; i++) {
            int colon = head[i].indexOf(':');
            if (colon > 0) headers.putIfAbsent(head[i].substring(0, colon).strip(), head[i].substring(colon + 1).strip());
        }
        if (request.length != 3 || !request[0].equals("GET") || !request[1].equals(PATH)) throw new Problem(ErrorCode.NOT_FOUND, "There is nothing here but " + PATH + ".", "Connect a WebSocket there.");
        var authorization = Optional.ofNullable(headers.get("Authorization"));
        boolean trusted = guard.check(new Guard.Asked("GET", Optional.ofNullable(headers.get("Host")), Optional.ofNullable(headers.get("Origin")),
            Optional.ofNullable(headers.get("Sec-Fetch-Site")), Optional.empty(), authorization, false));
        if (!trusted && authorization.filter(text -> text.startsWith("Bearer ")).flatMap(text -> hives.agents().byKey(text.substring("Bearer ".length()))).isEmpty())
            throw new Problem(ErrorCode.UNAUTHORISED, "The request carries no valid token and no agent's key.", "Send `Authorization: Bearer …`.");
        var key = headers.get("Sec-WebSocket-Key");
        if (key == null || !"websocket".equalsIgnoreCase(headers.get("Upgrade")) || !"13".equals(headers.get("Sec-WebSocket-Version")))
            throw new Problem(ErrorCode.BAD_REQUEST, "That is no WebSocket of version 13.", "Connect a WebSocket.");
        return key;
    }

    private static String head(DataInputStream in) throws IOException {
        var text = new StringBuilder();
        while (!text.toString().endsWith("\r\n\r\n")) {
            if (text.length() >= HEAD_BYTES_MAX) throw new WebSocketFrames.Broken("the head is too long");
            text.append((char) in.readUnsignedByte());
        }
        return text.toString();
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
        private final Map<String, Audience.Seat<News>> seats = new HashMap<>();        // touched by the reading thread only

        Conversation(WebSocketFrames frames) {
            this.frames = frames;
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
                seats.values().forEach(Audience.Seat::close);
            }
        }

        private void answer(String text) throws IOException {
            try {
                var asked = AnyJson.object(text.getBytes(StandardCharsets.UTF_8));
                var channel = asked.textIfPresent("channel").orElse("");
                if (!channel.startsWith(CHANNEL)) throw new Problem(ErrorCode.BAD_REQUEST, "There is no such channel.", "Channels are called hive:{id}.");
                var hive = hives.find(channel.substring(CHANNEL.length()));
                var name = CHANNEL + hive.space().id().hex();
                switch (asked.textIfPresent("action").orElse("")) {
                    case "subscribe" -> {
                        if (!seats.containsKey(name)) subscribe(name, hive);
                        send(Json.object("type", "subscribed", "channel", name));
                    }
                    case "unsubscribe" -> {
                        Optional.ofNullable(seats.remove(name)).ifPresent(Audience.Seat::close);
                        send(Json.object("type", "unsubscribed", "channel", name));
                    }
                    default -> throw new Problem(ErrorCode.BAD_REQUEST, "There is no such action.", "Send subscribe or unsubscribe.");
                }
            } catch (Problem no) {
                send(error(no).with("type", Json.of("error")));
            } catch (dev.waggle.core.event.MalformedPayload e) {
                send(error(new Problem(ErrorCode.BAD_REQUEST, "That is no request: " + e.getMessage() + ".", "Send {\"action\":…,\"channel\":…}.")).with("type", Json.of("error")));
            }
        }

        private void subscribe(String name, Hive hive) {
            if (seats.size() >= CHANNELS_MAX) throw new Problem(ErrorCode.TOO_MANY, "This connection has " + CHANNELS_MAX + " channels already.", "Unsubscribe from one.");
            var seat = hive.audience().seat().orElseThrow(() -> new Problem(ErrorCode.TOO_MANY, "Too many look on already.", "Try again later."));
            seats.put(name, seat);
            Thread.ofVirtual().name("live-channel").start(() -> tell(hive, seat));
        }

        private void tell(Hive hive, Audience.Seat<News> seat) {
            try {
                for (var heard = seat.next(LOOK_MS); heard.isPresent(); heard = seat.next(LOOK_MS)) {
                    if (heard.get().lost()) send(HiveStream.lost(hive));
                    for (var news : heard.get().news()) send(HiveJson.news(hive, news));
                }
            } catch (IOException _) {
                seat.close();                                             // it went away: the reading thread notices, too
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        private void send(Json.Obj json) throws IOException {
            frames.write(WebSocketFrames.TEXT, Canonical.bytes(json));
        }
    }

    @Override public void close() {
        try {
            listener.close();
            for (var socket : open) socket.close();
        } catch (IOException e) {
            System.getLogger("waggle.rest").log(System.Logger.Level.WARNING, "a WebSocket could not be closed", e);
        }
    }
}
