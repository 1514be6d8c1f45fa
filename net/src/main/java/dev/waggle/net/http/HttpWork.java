package dev.waggle.net.http;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.log.LogUnavailable;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Works a request out on a virtual thread and answers it: with JSON, or with the one shape that errors have.
final class HttpWork {
    private static final System.Logger LOG = System.getLogger(HttpWork.class.getName());
    /// The request id in answers that must not differ: those that a stranger could compare.
    private static final String NO_REQUEST_ID = "0000000000000000";

    /// How much of a refused body is thrown away before the connection is closed, and how long that may take.
    private static final int LINGER_BYTES_MAX = 2 << 20;
    private static final long LINGER_MS_MAX = 1_000;

    private final Semaphore atOnce;
    private final RandomGenerator random = new SecureRandom();

    HttpWork(int requestsAtOnce) {
        atOnce = new Semaphore(requestsAtOnce);
    }

    void run(RoutingContext context, Supplier<Json.Obj> work) {
        answer(context, () -> new Answer(200, work.get()));
    }

    record Answer(int status, Json.Obj body) {}

    void answer(RoutingContext context, Supplier<Answer> work) {
        if (!atOnce.tryAcquire()) {
            context.fail(new ApiError(ApiError.Code.UNAVAILABLE, "this node is busy", 1));
            return;
        }
        var loop = context.vertx().getOrCreateContext();
        Thread.ofVirtual().name("sync-v1").start(() -> {
            Answer answer = null;
            Throwable problem = null;
            try {
                answer = work.get();
            } catch (RuntimeException | Error e) {
                problem = e;
            } finally {
                atOnce.release();
            }
            var done = answer;
            var failed = problem;
            try {
                loop.runOnContext(_ -> {
                    if (failed == null) send(context, done.status, done.body);
                    else context.fail(failed);
                });
            } catch (RejectedExecutionException _) {
                // the server was closed meanwhile: nobody is there to be answered
            }
        });
    }

    /// The failure handler of every route here.
    void failed(RoutingContext context) {
        if (context.response().ended() || context.response().closed()) return;
        var error = error(context);
        if (error.retryAfterSeconds > 0) context.response().putHeader("Retry-After", Integer.toString(error.retryAfterSeconds));
        // The rest of a body that nobody wants is not read: the connection goes with the answer.
        if (!context.request().isEnded()) context.response().putHeader(HttpHeaders.CONNECTION, "close");
        var requestId = requestId(context, error);
        if (error.code == ApiError.Code.INTERNAL)
            LOG.log(System.Logger.Level.ERROR, "request=" + requestId + " path=" + context.normalizedPath() + " failed", context.failure());
        send(context, error.code.status,
            Json.object("error", Json.object("code", error.code.wire(), "message", error.getMessage(), "request_id", requestId)));
    }

    private static ApiError error(RoutingContext context) {
        return switch (context.failure()) {
            case ApiError error -> error;
            case MalformedPayload malformed -> new ApiError(ApiError.Code.BAD_REQUEST, malformed.getMessage());
            case LogUnavailable _ -> new ApiError(ApiError.Code.UNAVAILABLE, "the log cannot be reached now; nothing was changed", 5);
            case null, default -> switch (context.statusCode()) {
                case 413 -> new ApiError(ApiError.Code.TOO_LARGE, "the body is too large");
                case 404 -> ApiError.notFound();
                case 405 -> new ApiError(ApiError.Code.METHOD_NOT_ALLOWED, "not this method");
                case 400 -> new ApiError(ApiError.Code.BAD_REQUEST, "the request is malformed");
                default -> new ApiError(ApiError.Code.INTERNAL, "this node failed; its log says why");
            };
        };
    }

    /// The asker's own, to find it again in two logs; otherwise a new one, except where it would tell answers apart.
    private String requestId(RoutingContext context, ApiError error) {
        var asked = context.request().getHeader("X-Request-Id");
        if (asked != null && asked.length() <= 64 && asked.chars().allMatch(HttpWork::isIdCharacter) && !asked.isEmpty()) return asked;
        if (error.code == ApiError.Code.NOT_FOUND || error.code == ApiError.Code.UNAUTHORIZED) return NO_REQUEST_ID;
        return HexFormat.of().toHexDigits(random.nextLong());
    }

    private static boolean isIdCharacter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.';
    }

    private static void send(RoutingContext context, int status, Json.Obj body) {
        if (context.response().closed()) return;                      // the asker has gone
        // Whoever goes on sending a body that was refused is not listened to: the header alone leaves the connection open until the body ends.
        boolean hangUp = !context.request().isEnded();
        context.response().setStatusCode(status)
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
            .putHeader("X-Content-Type-Options", "nosniff")
            .end(Buffer.buffer(SyncV1Routes.bytes(body)))
            .onComplete(_ -> {
                if (hangUp) linger(context);
            });
    }

    /// Closes a connection whose peer may still be sending. Closed at once, with bytes unread, the system resets it, and a reset takes the answer away
    /// from a peer that has not read it yet (RFC 9112 section 9.6). So what still comes is thrown away, for a moment.
    private static void linger(RoutingContext context) {
        var request = context.request();
        var connection = request.connection();
        if (request.isEnded()) {
            connection.close();
            return;
        }
        long timer = context.vertx().setTimer(LINGER_MS_MAX, _ -> connection.close());
        connection.closeHandler(_ -> context.vertx().cancelTimer(timer));
        var left = new AtomicInteger(LINGER_BYTES_MAX);
        request.handler(chunk -> {
            if (left.addAndGet(-chunk.length()) < 0) connection.close();
        });
        request.endHandler(_ -> connection.close());
        request.resume();
    }
}
