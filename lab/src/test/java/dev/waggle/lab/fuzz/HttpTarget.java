package dev.waggle.lab.fuzz;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.SpaceId;
import dev.waggle.net.wire.EventJson;
import dev.waggle.net.wire.StrictJson;
import dev.waggle.node.AnyJson;
import dev.waggle.node.NodeSettings;
import dev.waggle.node.problem.Problem;
import dev.waggle.node.rest.NodeService;
import dev.waggle.node.rest.Reply;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/// What arrives over HTTP: requests to every REST route of a real node, and the bodies of `/sync/v1`. The first line of an input that begins with a method is
/// method and target, the rest is the body; anything else is a body of `/sync/v1`.
///
/// Every request has an answer that can be written, or a [Problem] with a sentence and a way out; never another exception.
final class HttpTarget implements Target {
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private final NodeService service;

    HttpTarget() {
        try {
            var folder = Files.createTempDirectory("http");
            var flags = new NodeSettings.Flags(Optional.of(folder.resolve("data")), Optional.of("127.0.0.1:0"), List.of(), Optional.empty(), false);
            service = NodeService.start(NodeSettings.read(flags, Map.of("WAGGLE_STATE", folder.resolve("state").toString())).unreachable(), bug -> {
                throw new AssertionError(bug);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override public void run(byte[] input) throws IOException {
        var text = new String(input, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\n');
        var line = (end < 0 ? text : text.substring(0, end)).split(" ", 2);
        if (line.length == 2 && line[0].matches("[A-Z]{1,9}")) request(line[0], line[1], end < 0 ? new byte[0] : text.substring(end + 1).getBytes(StandardCharsets.ISO_8859_1));
        else body(input);
    }

    private void request(String method, String target, byte[] bytes) throws IOException {
        if (waitsOrReaches(target) || bytes.length > BODY_BYTES_MAX) return;
        try {
            var body = bytes.length == 0 ? Json.object() : AnyJson.object(bytes);
            switch (service.call(method, target, body)) {
                case Reply.Document(_, var json) -> Canonical.bytes(json);
                case Reply.Cookie(var json, var cookie) -> {
                    Canonical.bytes(json);
                    assertThat(cookie).startsWith("waggle_").doesNotContainPattern("[\\r\\n]");
                }
                case Reply.Content(_, _, var content) -> assertThat(content).isNotNull();
                case Reply.Stream _ -> { }
            }
        } catch (Problem problem) {
            assertThat(problem.getMessage()).isNotBlank();
            Canonical.bytes(Json.object("message", problem.getMessage(), "remedy", problem.remedy()));
        }
    }

    /// Routes that wait for others by design, and those that would touch files of this machine that are not the test's.
    private static boolean waitsOrReaches(String target) {
        return target.contains("/test") || target.contains("wait_ms") || target.contains("/sync/now") || target.contains("/doctor");
    }

    /// As `/sync/v1` reads: events, ids, sequences.
    private static void body(byte[] input) {
        try {
            var body = StrictJson.object(input, 1 << 20);
            for (var item : body.arrayOrEmpty("events")) {
                var event = EventJson.read(item);
                assertThat(EventJson.read(EventJson.write(event)).payload()).isEqualTo(event.payload());
                new SpaceId(event.space().hex());
            }
        } catch (MalformedPayload malformed) {
            assertThat(malformed.getMessage()).isNotBlank();
        }
    }
}
