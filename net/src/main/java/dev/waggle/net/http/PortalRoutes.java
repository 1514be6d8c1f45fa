package dev.waggle.net.http;

import dev.waggle.core.event.Json;
import dev.waggle.net.wire.StrictJson;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

import java.util.Optional;
import java.util.function.Supplier;

/// The routes of a hub's accounts on the address where peers reach it, for users with a session. No page of another origin is answered, and whoever is refused too often
/// waits. Tokens travel, so the listener has TLS wherever it is not loopback.
public final class PortalRoutes {
    private static final String PATH = "/api/v1/hub/*";
    private static final String SIGN_IN = "/api/v1/hub/sessions";
    private static final String BEARER = "Bearer ";
    private static final int BODY_BYTES_MAX = 16 * 1024;
    private static final int UNAUTHORISED = 401;

    private final Supplier<Optional<PortalHandler>> handler;
    private final RateLimit strangers;
    private final HttpWork work;

    /// @param handler empty while the hub is starting
    public PortalRoutes(Supplier<Optional<PortalHandler>> handler, HttpLimits limits) {
        this.handler = handler;
        this.strangers = new RateLimit(limits.strangersPerMinute(), System::nanoTime);
        this.work = new HttpWork(limits.requestsAtOnce());
    }

    public void mount(Router router) {
        router.route(PATH).failureHandler(work::failed);
        router.route(PATH).handler(this::guarded);
        router.route(PATH).handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES_MAX));
        router.route(PATH).handler(this::answer);
    }

    /// A try to sign in counts before it is worked out; a refused token counts, too, so both come to an end.
    private void guarded(RoutingContext context) {
        if (context.request().headers().contains(HttpHeaders.ORIGIN)) {
            context.fail(new ApiError(ApiError.Code.FORBIDDEN, "a page of another origin sent this request"));
            return;
        }
        int waitSeconds = strangers.take(address(context));
        if (waitSeconds > 0) {
            context.fail(new ApiError(ApiError.Code.RATE_LIMITED, "too many refused requests", waitSeconds));
            return;
        }
        if (!context.normalizedPath().equals(SIGN_IN) && context.request().getHeader(HttpHeaders.AUTHORIZATION) == null) {
            context.fail(ApiError.unauthorized());
            return;
        }
        context.next();
    }

    private static String address(RoutingContext context) {
        return context.request().remoteAddress().hostAddress();
    }

    private void answer(RoutingContext context) {
        var portal = handler.get();
        if (portal.isEmpty()) {
            context.fail(new ApiError(ApiError.Code.UNAVAILABLE, "this hub is starting", 1));
            return;
        }
        var header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        var token = header != null && header.startsWith(BEARER) ? Optional.of(header.substring(BEARER.length())) : Optional.<String>empty();
        var bytes = context.body().buffer();
        work.answer(context, () -> {
            var body = bytes == null || bytes.length() == 0 ? Json.object() : StrictJson.object(bytes.getBytes(), BODY_BYTES_MAX);
            var answer = portal.get().answer(context.request().method().name(), context.request().uri(), token, body);
            if (answer.status() != UNAUTHORISED) strangers.giveBack(address(context));
            return new HttpWork.Answer(answer.status(), answer.body());
        });
    }
}
