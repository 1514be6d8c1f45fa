package dev.waggle.node.rest;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/// Channels over WebSocket: with the JDK's client, and with raw sockets for what no client would send.
@Timeout(60)
class LiveSocketsTest {
    @TempDir Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<Json.Obj> heard = new LinkedBlockingQueue<>();
    private TestNode node;
    private String operator;
    private String key;
    private URI address;
    private String hive;

    @BeforeEach void start() throws IOException {
        node = TestNode.served(folder);
        operator = Files.readString(folder.resolve("data").resolve("token")).strip();
        key = call("/api/v1/agents", Json.object("name", "robot")).text("api_key");
        hive = call("/api/v1/hives", Json.object("name", "bees")).text("id");
        address = URI.create(node.get("/api/v1/node").text("live_socket"));
    }

    @AfterEach void stop() {
        node.close();
        http.close();
    }

    private Json.Obj call(String path, Json.Obj body) {
        return node.call("POST", path, body);
    }

    private WebSocket connect(String bearer) {
        return http.newWebSocketBuilder().header("Authorization", "Bearer " + bearer).buildAsync(address, new WebSocket.Listener() {
            private final StringBuilder text = new StringBuilder();

            @Override public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                text.append(data);
                if (last) {
                    heard.add(Canonical.parseObject(text.toString().getBytes(StandardCharsets.UTF_8)));
                    text.setLength(0);
                }
                socket.request(1);
                return null;
            }
        }).join();
    }

    private Json.Obj next() throws InterruptedException {
        var json = heard.poll(20, TimeUnit.SECONDS);
        if (json == null) throw new AssertionError("nothing was heard");
        return json;
    }

    @Test void whoever_subscribes_hears_what_changes_until_it_unsubscribes() throws Exception {
        var socket = connect(key);
        socket.sendText("{\"action\":\"subscribe\",\"channel\":\"hive:" + hive + "\"}", true).join();
        assertThat(next().text("type")).isEqualTo("subscribed");
        var post = call("/api/v1/hives/bees/posts", Json.object("title", "x".repeat(300))).text("id");
        var news = next();
        assertThat(news.text("type")).isEqualTo("new_post");
        assertThat(news.text("channel")).isEqualTo("hive:" + hive);
        assertThat(news.object("data").text("post_id")).isEqualTo(post);
        socket.sendPing(java.nio.ByteBuffer.allocate(4)).join();
        socket.sendText("{\"action\":\"unsubscribe\",\"channel\":\"hive:bees\"}", true).join();
        assertThat(next().text("type")).isEqualTo("unsubscribed");
        call("/api/v1/hives/bees/posts", Json.object("title", "unheard"));
        socket.sendText("{\"action\":\"subscribe\",\"channel\":\"hive:nowhere\"}", true).join();
        assertThat(next().object("error").text("code")).isEqualTo("not_found");
        socket.sendText("no json", true).join();
        assertThat(next().text("type")).isEqualTo("error");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }

    @Tag("W01") @Test void pages_of_strangers_and_callers_without_a_key_are_refused() throws IOException {
        var host = "Host: 127.0.0.1:" + address.getPort();
        assertThat(raw(host)).startsWith("HTTP/1.1 401").contains("unauthorised");
        assertThat(raw(host, "Authorization: Bearer waggle_agent_" + "0".repeat(64))).startsWith("HTTP/1.1 401");
        assertThat(raw(host, "Authorization: Bearer " + operator, "Origin: http://evil.example")).startsWith("HTTP/1.1 403");
        assertThat(raw("Host: evil.example", "Authorization: Bearer " + operator)).startsWith("HTTP/1.1 403");
        assertThat(raw(host, "Authorization: Bearer " + operator)).startsWith("HTTP/1.1 101");
        assertThat(raw(host, "Authorization: Bearer " + key)).contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test void the_operator_hears_the_status_and_what_changes_in_a_project_and_an_agent_only_hives() throws Exception {
        var socket = connect(operator);
        subscribe(socket, "status");
        assertThat(next().text("type")).isEqualTo("subscribed");
        assertThat(next().object("data").text("node")).isEqualTo(node.node().id().hex());
        call("/api/v1/hives", Json.object("name", "wasps"));
        Json.Obj changed;
        do changed = next(); while (changed.object("data").array("spaces").size() < 2);
        assertThat(changed.text("type")).isEqualTo("status");
        socket.sendText("{\"action\":\"unsubscribe\",\"channel\":\"status\"}", true).join();
        do changed = next(); while (!changed.text("type").equals("unsubscribed"));

        var project = call("/api/projects", Json.object("name", "garden")).object("data").text("id");
        subscribe(socket, "project:" + project);
        assertThat(next().text("type")).isEqualTo("subscribed");
        var task = call("/api/projects/" + project + "/tasks", Json.object("title", "sow")).object("data").text("id");
        var news = next();
        assertThat(news.text("type")).isEqualTo("task_created");
        assertThat(news.text("channel")).isEqualTo("project:" + project);
        assertThat(news.object("data").text("task_id")).isEqualTo(task);
        call("/api/tasks/" + task + "/log", Json.object("lines", Json.array(Json.of("the bed is dug"))));
        subscribe(socket, "log:" + task);
        do news = next(); while (!news.text("type").equals("log"));
        assertThat(news.text("channel")).isEqualTo("log:" + task);
        assertThat(Canonical.text(news.object("data"))).contains("the bed is dug");

        heard.clear();
        var robot = connect(key);
        for (var channel : List.of("status", "project:" + project, "log:" + task)) {
            subscribe(robot, channel);
            Json.Obj no;
            do no = next(); while (!no.text("type").equals("error"));
            assertThat(no.object("error").text("code")).isEqualTo("forbidden");
            assertThat(no.text("channel")).isEqualTo(channel);
        }
    }

    @Test void a_channel_whose_project_is_taken_off_says_that_it_ended() throws Exception {
        var socket = connect(operator);
        var project = call("/api/projects", Json.object("name", "garden")).object("data").text("id");
        subscribe(socket, "project:" + project);
        assertThat(next().text("type")).isEqualTo("subscribed");
        node.ask("DELETE", "/api/projects/" + project, Json.object());
        Json.Obj said;
        do said = next(); while (!said.text("type").equals("ended"));
        assertThat(said.text("channel")).isEqualTo("project:" + project);
    }

    private static void subscribe(WebSocket socket, String channel) {
        socket.sendText("{\"action\":\"subscribe\",\"channel\":\"" + channel + "\"}", true).join();
    }

    @Tag("W01") @Test void a_page_that_was_let_in_comes_in_by_cookie_and_word_from_its_own_origin_alone() throws IOException {
        var opened = signIn();
        var host = "Host: 127.0.0.1:" + address.getPort();
        var own = "Origin: http://127.0.0.1:" + address.getPort();
        var word = "Sec-WebSocket-Protocol: waggle, word." + opened.word();
        assertThat(raw(host, own, opened.cookie(), word)).startsWith("HTTP/1.1 101").contains("\r\nSec-WebSocket-Protocol: waggle\r\n").doesNotContain(opened.word());
        assertThat(raw(host, own, opened.cookie())).startsWith("HTTP/1.1 401");
        assertThat(raw(host, own, opened.cookie(), "Sec-WebSocket-Protocol: waggle, word." + "0".repeat(64))).startsWith("HTTP/1.1 401");
        assertThat(raw(host, own, word)).startsWith("HTTP/1.1 401");
        assertThat(raw(host, opened.cookie(), word)).startsWith("HTTP/1.1 401");                                          // browsers always say the origin
        assertThat(raw(host, "Origin: http://127.0.0.1:1", opened.cookie(), word)).startsWith("HTTP/1.1 403");           // another server of this machine: cookies do not know ports
        assertThat(raw(host, "Origin: http://evil.example", opened.cookie(), word)).startsWith("HTTP/1.1 403");
        assertThat(raw(host, "Origin: null", opened.cookie(), word)).startsWith("HTTP/1.1 403");
        assertThat(raw(host, own, "Sec-Fetch-Site: same-site", opened.cookie(), word)).startsWith("HTTP/1.1 403");
        assertThat(raw("Host: evil.example:" + address.getPort(), own, opened.cookie(), word)).startsWith("HTTP/1.1 403");
    }

    private record Session(String cookie, String word) {}

    private Session signIn() {
        var reply = (Reply.Cookie) node.ask("POST", "/api/v1/page/sessions", Json.object("token", operator));
        return new Session("Cookie: " + reply.cookie().substring(0, reply.cookie().indexOf(';')), ((Json.Obj) reply.json()).text("csrf_token"));
    }

    @Tag("P02") @Test void frames_that_are_too_long_unmasked_binary_or_in_pieces_end_the_connection() throws IOException {
        for (var frame : List.of(new byte[] {(byte) 0x81, (byte) 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0}, new byte[] {(byte) 0x81, (byte) 0xfe, (byte) 0xff, (byte) 0xff},
            new byte[] {(byte) 0x81, 2, 'h', 'i'}, new byte[] {(byte) 0x82, (byte) 0x80, 0, 0, 0, 0}, new byte[] {0x01, (byte) 0x80, 0, 0, 0, 0}, new byte[] {(byte) 0xf1, (byte) 0x80, 0, 0, 0, 0})) {
            try (var socket = new Socket("127.0.0.1", address.getPort())) {
                socket.setSoTimeout(20_000);
                write(socket, "Host: 127.0.0.1:" + address.getPort(), "Authorization: Bearer " + key);
                var in = socket.getInputStream();
                var head = new StringBuilder();
                while (!head.toString().endsWith("\r\n\r\n")) head.append((char) in.read());
                socket.getOutputStream().write(frame);
                assertThat(ended(in)).isTrue();
            }
        }
        assertThat(raw("Host: 127.0.0.1:" + address.getPort(), "X: " + "x".repeat(20_000))).isEmpty();
    }

    private static boolean ended(java.io.InputStream in) throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException _) {
            return true;                                                  // reset: there were bytes that nobody read
        }
    }

    private String raw(String... headers) throws IOException {
        try (var socket = new Socket("127.0.0.1", address.getPort())) {
            socket.setSoTimeout(20_000);
            write(socket, headers);
            var answer = new StringBuilder();
            try {
                while (!(answer.toString().startsWith("HTTP/1.1 101") && answer.toString().endsWith("\r\n\r\n"))) {
                    int b = socket.getInputStream().read();
                    if (b < 0) break;
                    answer.append((char) b);
                }
            } catch (java.net.SocketException _) {
                return answer.toString();
            } catch (java.net.SocketTimeoutException e) {
                throw new AssertionError(answer.toString(), e);
            }
            return answer.toString();
        }
    }

    /// The key of RFC 6455's own example.
    private static void write(Socket socket, String... headers) throws IOException {
        try {
            socket.getOutputStream().write(("GET /api/v1/ws HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        } catch (java.net.SocketException _) {
            // it hung up on a head that is too long
        }
    }
}
