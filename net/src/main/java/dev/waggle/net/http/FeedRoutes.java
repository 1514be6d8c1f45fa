package dev.waggle.net.http;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What anybody may read without saying who it is: the feeds of public hives, for mirrors elsewhere. Only GET, so many a minute for each address, small pages.
public final class FeedRoutes {
    public static final int PER_MINUTE = 240;
    public static final int LIMIT_MAX = 100;
    private static final int AT_ONCE = 8;
    private static final int HIVES_MAX = 200;
    private static final int CURSOR_CHARS_MAX = 512;
    private static final int HIVE_CHARS_MAX = 200;

    private final Supplier<Optional<FeedHandler>> handler;
    private final RateLimit asked;
    private final HttpWork work = new HttpWork(AT_ONCE);

    /// @param handler empty while the node is starting
    public FeedRoutes(Supplier<Optional<FeedHandler>> handler) {
        this(handler, PER_MINUTE, System::nanoTime);
    }

    FeedRoutes(Supplier<Optional<FeedHandler>> handler, int perMinute, LongSupplier nanos) {
        this.handler = handler;
        this.asked = new RateLimit(perMinute, nanos);
    }

    public void mount(Router router) {
        for (var path : new String[] {"/api/v1/feed/all", "/api/v1/hives"}) router.get(path).failureHandler(work::failed).handler(this::limited);
        router.get("/api/v1/feed/all").handler(context -> work.run(context, () -> feed(context)));
        router.get("/api/v1/hives").handler(context -> work.run(context, () -> handler().hives(HIVES_MAX)));
    }

    private void limited(RoutingContext context) {
        int waitSeconds = asked.take(context.request().remoteAddress().hostAddress());
        if (waitSeconds == 0) context.next();
        else context.fail(new ApiError(ApiError.Code.RATE_LIMITED, "too many requests", waitSeconds));
    }

    private FeedHandler handler() {
        return handler.get().orElseThrow(() -> new ApiError(ApiError.Code.UNAVAILABLE, "this node is starting", 1));
    }

    private Json.Obj feed(RoutingContext context) {
        var hive = parameter(context, "hive", "", HIVE_CHARS_MAX);
        if (hive.isEmpty()) throw new MalformedPayload("say which hive: ?hive=NAME");
        var since = parameter(context, "since", "", CURSOR_CHARS_MAX);
        var limit = parameter(context, "limit", Integer.toString(LIMIT_MAX), 4);
        if (!limit.matches("[0-9]{1,4}") || Integer.parseInt(limit) < 1) throw new MalformedPayload("limit is a number from 1 to " + LIMIT_MAX);
        return handler().feed(hive, since.equals("start") ? "" : since, Math.min(Integer.parseInt(limit), LIMIT_MAX)).orElseThrow(ApiError::notFound);
    }

    private static String parameter(RoutingContext context, String name, String otherwise, int charsMax) {
        var value = context.request().getParam(name);
        if (value == null) return otherwise;
        if (value.length() > charsMax) throw new MalformedPayload(name + " is longer than " + charsMax);
        return value;
    }
}
