package dev.waggle.net.http;

/// A request is refused. Each code has one status and, for what strangers could probe, one message.
final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1;

    enum Code {
        BAD_REQUEST(400), UNAUTHORIZED(401), FORBIDDEN(403), NOT_FOUND(404), METHOD_NOT_ALLOWED(405), GONE(410), TOO_LARGE(413), UNSUPPORTED_MEDIA_TYPE(415),
        RATE_LIMITED(429), INTERNAL(500), UNAVAILABLE(503);

        final int status;

        Code(int status) {
            this.status = status;
        }

        String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    final Code code;
    final int retryAfterSeconds;

    ApiError(Code code, String message) {
        this(code, message, 0);
    }

    ApiError(Code code, String message, int retryAfterSeconds) {
        super(message, null, false, false);
        this.code = code;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /// Nothing here, or nothing for this asker: one answer.
    static ApiError notFound() {
        return new ApiError(Code.NOT_FOUND, "there is nothing here for you");
    }

    /// A missing, unknown, expired or foreign token, a failed proof, a stranger's proof: one answer.
    static ApiError unauthorized() {
        return new ApiError(Code.UNAUTHORIZED, "a handshake with a node that knows you comes first");
    }
}
