package dev.waggle.node.rest;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Raw sockets, because an HTTP client would not send what has to be refused.
class RestServerTest {
    private static final String TOKEN = "c0ffee".repeat(8);
    private final List<String> bugs = new ArrayList<>();
    private final PageSessions sessions = new PageSessions(TOKEN, System::currentTimeMillis, () -> new byte[PageSessions.randomBytes()]);
    private final RestServer server = RestServer.start("127.0.0.1", 0, new Router(List.of(
        new Route("GET", "/livez", true, "Alive", List.of(), "alive", _ -> Reply.of(Json.object("alive", true))),
        new Route("GET", "/api/v1/things/{thing}", false, "One thing", List.of(), "the thing", request -> Reply.of(Json.object("thing", request.path().get("thing")))),
        new Route("POST", "/api/v1/things", false, "A new thing", List.of(Route.needed("name", "its name")), "the thing",
            request -> Reply.of(Json.object("thing", request.text("name")))),
        new Route("GET", "/api/v1/bug", false, "A bug", List.of(), "never", _ -> {
            throw new IllegalStateException("secret detail");
        }))), TOKEN, sessions, (_, _, socket, _) -> socket.getOutputStream().write("HTTP/1.1 101 Upgraded\r\n\r\n".getBytes(StandardCharsets.US_ASCII)), (id, bug) -> bugs.add(id + " " + bug.getMessage()));

    @AfterEach void stop() {
        server.close();
    }

    @Tag("W08") @Test void a_request_with_the_token_is_answered_with_strict_headers() throws IOException {
        var answer = get("/api/v1/things/a%20b", "Authorization: Bearer " + TOKEN);
        assertThat(answer).startsWith("HTTP/1.1 200").contains("{\"thing\":\"a b\"}");
        assertThat(answer.toLowerCase(java.util.Locale.ROOT)).contains("content-security-policy: default-src 'none'", "x-content-type-options: nosniff",
            "referrer-policy: no-referrer", "cache-control: no-store", "cross-origin-resource-policy: same-origin");
    }

    @Tag("W01") @Test void only_open_routes_are_served_without_the_token() throws IOException {
        assertThat(get("/livez")).startsWith("HTTP/1.1 200");
        assertThat(get("/api/v1/things/a")).startsWith("HTTP/1.1 401").contains("unauthorised");
        assertThat(get("/api/v1/things/a", "Authorization: Bearer " + "0".repeat(48))).startsWith("HTTP/1.1 401");
    }

    @Tag("W01") @Test void a_page_that_was_let_in_needs_no_token_and_a_request_that_another_page_makes_is_not_its_own() throws IOException {
        var opened = sessions.byLink(sessions.link()).orElseThrow();
        var cookie = "Cookie: " + opened.cookie().substring(0, opened.cookie().indexOf(';'));
        var word = PageSessions.WORD_HEADER + ": " + opened.word();
        assertThat(get("/api/v1/things/a", cookie, word)).startsWith("HTTP/1.1 200");
        assertThat(get("/api/v1/things/a", cookie)).startsWith("HTTP/1.1 401");
        assertThat(get("/api/v1/things/a", word)).startsWith("HTTP/1.1 401");
        assertThat(get("/api/v1/things/a", cookie, word, "Origin: http://evil.example")).startsWith("HTTP/1.1 403");
        assertThat(get("/api/v1/things/a", cookie, word, "Sec-Fetch-Site: same-site")).startsWith("HTTP/1.1 403");
    }

    @Tag("W01") @Test void a_foreign_host_name_or_origin_is_refused_even_with_the_token() throws IOException {
        assertThat(exchange("GET /livez HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 403");
        assertThat(exchange("GET /livez HTTP/1.1\r\nHost: 127.0.0.1:1\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 403");
        assertThat(get("/livez", "Origin: http://evil.example")).startsWith("HTTP/1.1 403");
        assertThat(get("/livez", "Origin: null")).startsWith("HTTP/1.1 403");
        assertThat(get("/livez", "Sec-Fetch-Site: cross-site")).startsWith("HTTP/1.1 403");
        assertThat(get("/livez", "Origin: http://" + server.address(), "Sec-Fetch-Site: same-origin")).startsWith("HTTP/1.1 200");
    }

    private record Header(String text, boolean good) {}

    private static Header good(String text) {
        return new Header(text, true);
    }

    private static Header bad(String text) {
        return new Header(text, false);
    }

    /// Every combination: what is let in is what has nothing foreign about it, and the token.
    @Tag("W01") @Test void of_all_hosts_origins_sites_and_tokens_only_what_is_this_nodes_own_comes_in() throws IOException {
        var port = ":" + server.port();
        var hosts = List.of(good("127.0.0.1" + port), good("localhost" + port), good("[::1]" + port), bad("evil.example"), bad("evil.example" + port), bad("127.0.0.1:1"), bad("127.0.0.1" + port + ".evil.example"));
        var origins = List.of(good(""), good("http://127.0.0.1" + port), good("http://localhost" + port), bad("http://evil.example"), bad("null"), bad("https://127.0.0.1" + port), bad("http://127.0.0.1" + port + ".evil.example"));
        var sites = List.of(good(""), good("same-origin"), good("none"), bad("cross-site"), bad("same-site"));
        var tokens = List.of(good("Bearer " + TOKEN), bad(""), bad("Bearer " + "0".repeat(48)), bad("Basic " + TOKEN), bad("Bearer " + TOKEN + "0"));
        var wrong = new ArrayList<String>();
        int asked = 0;
        for (var host : hosts)
            for (var origin : origins)
                for (var site : sites)
                    for (var token : tokens) {
                        var request = "GET /api/v1/things/a HTTP/1.1\r\nHost: " + host.text + "\r\nConnection: close\r\n" + header("Origin", origin) + header("Sec-Fetch-Site", site) + header("Authorization", token) + "\r\n";
                        var expected = !host.good || !origin.good || !site.good ? 403 : token.good ? 200 : 401;
                        if (!exchange(request).startsWith("HTTP/1.1 " + expected)) wrong.add(expected + " was expected of " + request.replace("\r\n", " | "));
                        asked++;
                    }
        assertThat(wrong).isEmpty();
        assertThat(asked).isGreaterThan(1_000);
    }

    private static String header(String name, Header header) {
        return header.text.isEmpty() ? "" : name + ": " + header.text + "\r\n";
    }

    @Tag("W01") @Tag("P02") @Test void a_change_has_to_be_json_of_bounded_size() throws IOException {
        assertThat(post("text/plain", "{\"name\":\"x\"}")).startsWith("HTTP/1.1 415");
        assertThat(post("application/json", "{ \"name\" : \"x\" }")).startsWith("HTTP/1.1 200").contains("{\"thing\":\"x\"}");
        assertThat(post("application/json", "{\"name\":1}")).startsWith("HTTP/1.1 400");
        assertThat(post("application/json", "{\"name\":\"x\",\"name\":\"y\"}")).startsWith("HTTP/1.1 400");
        assertThat(post("application/json", "[".repeat(5_000))).startsWith("HTTP/1.1 400");
        assertThat(post("application/json", "{\"name\":\"" + "x".repeat(RestServer.BODY_BYTES_MAX) + "\"}")).startsWith("HTTP/1.1 413");
    }

    @Test void a_wrong_route_or_method_has_its_own_answer() throws IOException {
        assertThat(get("/api/v1/nothing", "Authorization: Bearer " + TOKEN)).startsWith("HTTP/1.1 404");
        assertThat(get("/api/v1/things", "Authorization: Bearer " + TOKEN)).startsWith("HTTP/1.1 405");
    }

    @Test void a_no_about_projects_and_tasks_is_in_their_envelope_also_where_no_route_was_reached() throws IOException {
        assertThat(get("/api/projects/x")).startsWith("HTTP/1.1 4").contains("\"success\":false", "\"data\":null", "\"message\":\"", "\"error\":{");
        assertThat(get("/api/tasks/x/y/z", "Authorization: Bearer " + TOKEN)).startsWith("HTTP/1.1 404").contains("\"success\":false", "not_found");
        assertThat(get("/api/v1/nothing", "Authorization: Bearer " + TOKEN)).startsWith("HTTP/1.1 404").doesNotContain("success");
        assertThat(get("/api/projectsandmore", "Authorization: Bearer " + TOKEN)).startsWith("HTTP/1.1 404").doesNotContain("success");
    }

    @Tag("W02") @Test void a_bug_is_logged_under_the_request_id_and_its_details_stay_inside() throws IOException {
        var answer = get("/api/v1/bug", "Authorization: Bearer " + TOKEN);
        assertThat(answer).startsWith("HTTP/1.1 500").doesNotContain("secret detail");
        var body = Canonical.parseObject(answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.UTF_8));
        assertThat(bugs).containsExactly(body.object("error").text("request") + " secret detail");
    }

    @Test void a_connection_that_asks_for_a_websocket_is_given_away_also_when_it_asked_for_other_things_before() throws IOException {
        var host = "Host: " + server.address() + "\r\n";
        var upgrade = "GET /api/v1/ws HTTP/1.1\r\n" + host + "Upgrade: WebSocket\r\nConnection: Upgrade\r\n\r\n";
        var livez = "GET /livez HTTP/1.1\r\n" + host + "\r\n";
        var body = "{\"name\":\"" + upgrade.replace("\r", "\\r").replace("\n", "\\n") + "\"}";
        var thing = "POST /api/v1/things HTTP/1.1\r\n" + host + "Authorization: Bearer " + TOKEN + "\r\nContent-Type: application/json\r\nContent-Length: ";
        assertThat(exchange(upgrade)).startsWith("HTTP/1.1 101 Upgraded");
        assertThat(inTurn(livez, livez, thing + body.length() + "\r\n\r\n" + body, livez, upgrade)).containsExactly("200", "200", "200", "200", "101");
        var chunked = thing.replace("Content-Length: ", "Transfer-Encoding: chunked\r\n\r\n") + "c\r\n{\"name\":\"x\"}\r\n0\r\n\r\n";
        assertThat(inTurn(chunked, livez)).containsExactly("200", "200");
        assertThat(exchange("GET /api/v1/ws HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n")).startsWith("HTTP/1.1 404");
        assertThat(exchange("GET /livez HTTP/1.1\r\n" + host + "Upgrade: websocket\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 200");
    }

    /// Sends one request after the other on one connection, each when the one before was answered.
    ///
    /// @return what they were answered with
    private List<String> inTurn(String... requests) throws IOException {
        var codes = new ArrayList<String>();
        try (var socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(20_000);
            var in = new java.io.BufferedInputStream(socket.getInputStream());
            for (var request : requests) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                var answer = Head.read(in, System.nanoTime() + 20_000_000_000L).orElseThrow();
                codes.add(answer.target());
                in.readNBytes((int) answer.bodyBytes().orElseThrow());
            }
        }
        return codes;
    }

    @Test void whoever_is_connected_when_it_stops_is_let_go() throws IOException {
        try (var silent = new Socket("127.0.0.1", server.port()); var kept = new Socket("127.0.0.1", server.port())) {
            kept.getOutputStream().write(("GET /livez HTTP/1.1\r\nHost: " + server.address() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            assertThat(kept.getInputStream().read()).isEqualTo('H');
            server.close();
            for (var socket : List.of(silent, kept)) {
                socket.setSoTimeout(5_000);                               // less than the time in which a head has to be sent
                try {
                    socket.getInputStream().readAllBytes();
                } catch (SocketException reset) {
                    assertThat(reset).hasMessageContaining("reset");
                }
            }
        }
    }

    @Test void it_listens_on_loopback_only() {
        assertThatThrownBy(() -> RestServer.start("0.0.0.0", 0, new Router(List.of()), TOKEN, sessions, (_, _, _, _) -> {}, (_, _) -> {})).isInstanceOf(Problem.class)
            .extracting(problem -> ((Problem) problem).code()).isEqualTo(ErrorCode.BAD_REQUEST);
    }

    private String get(String target, String... headers) throws IOException {
        var text = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: " + server.address() + "\r\nConnection: close\r\n");
        for (var header : headers) text.append(header).append("\r\n");
        return exchange(text + "\r\n");
    }

    private String post(String type, String body) throws IOException {
        return exchange("POST /api/v1/things HTTP/1.1\r\nHost: " + server.address() + "\r\nConnection: close\r\nAuthorization: Bearer " + TOKEN
            + "\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private String exchange(String request) throws IOException {
        try (var socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
