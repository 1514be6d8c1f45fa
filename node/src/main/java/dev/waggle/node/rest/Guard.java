package dev.waggle.node.rest;

import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;

/// Decides whether a request may be looked at. Also on loopback: any web page in the user's browser, and any other user of the machine, can
/// reach this port. Host and Origin keep pages of other names out (DNS rebinding, cross-site requests), the token keeps other users out.
final class Guard {
    private final Set<String> hosts;
    private final byte[] token;

    /// @param port the port that is served: host names with another port are refused
    Guard(int port, String token) {
        this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port);
        this.token = token.getBytes(StandardCharsets.US_ASCII);
    }

    /// What of a request decides; absent headers are empty.
    record Asked(String method, Optional<String> host, Optional<String> origin, Optional<String> fetchSite, Optional<String> contentType,
                 Optional<String> authorization, boolean hasBody) {}

    /// @return true when the request carries the token
    /// @throws Problem when it may not be served whatever its token says
    boolean check(Asked asked) {
        if (asked.host().filter(hosts::contains).isEmpty())
            throw new Problem(ErrorCode.FORBIDDEN, "This node is not known under that host name.", "Use 127.0.0.1 or localhost and the node's port.");
        if (asked.origin().isPresent() && !hosts.contains(asked.origin().get().replaceFirst("^http://", "")))
            throw new Problem(ErrorCode.FORBIDDEN, "A page of another origin sent this request.", "Open the node's own page instead.");
        if (asked.fetchSite().filter(site -> !site.equals("same-origin") && !site.equals("none")).isPresent())
            throw new Problem(ErrorCode.FORBIDDEN, "A page of another site sent this request.", "Open the node's own page instead.");
        // A browser asks before it sends a DELETE to another origin, and is not answered: only what pages can send unasked must be told from a form.
        var changes = !asked.method().equals("GET") && !asked.method().equals("HEAD") && !(asked.method().equals("DELETE") && !asked.hasBody());
        if (changes && asked.contentType().map(type -> type.split(";")[0].strip()).filter("application/json"::equalsIgnoreCase).isEmpty())
            throw new Problem(ErrorCode.NOT_JSON, "A request that changes something has to be JSON.", "Send the header `Content-Type: application/json`.");
        return asked.authorization().filter(this::isToken).isPresent();
    }

    private boolean isToken(String authorization) {
        if (!authorization.startsWith("Bearer ")) return false;
        return MessageDigest.isEqual(token, authorization.substring("Bearer ".length()).getBytes(StandardCharsets.UTF_8));
    }
}
