package dev.waggle.node.rest;

import dev.waggle.core.event.Hex;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Lets browsers in without giving them the node's token: a link that works once becomes a cookie that no script reads, beside a word that the page says with
/// every request, because a browser sends its cookies whoever asks.
///
/// A session is not remembered here: its cookie is signed with a key made from the token, so it outlives a restart of the node and ends with the token. A link is,
/// so none outlives one.
final class PageSessions {
    static final String WORD_HEADER = "X-CSRF-Token";
    static final long LINK_MS = 15 * 60_000;
    static final long SESSION_MS = 30L * 86_400_000;
    static final int LINKS_MAX = 64;
    private static final String COOKIE_ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Strict; Max-Age=";
    private static final int RANDOM_BYTES = 16;

    private final byte[] token;
    private final String cookie;
    private final LongSupplier nowMs;
    private final Supplier<byte[]> random;
    private final Map<String, Long> links = new LinkedHashMap<>();        // when each ends; guarded by itself

    /// What a browser gets.
    ///
    /// @param cookie as the header `Set-Cookie` has it
    /// @param word   what it says in the header [#WORD_HEADER]
    record Opened(String cookie, String word) {}

    /// @param nowMs  wall clock, milliseconds since 1970 UTC
    /// @param random gives [#RANDOM_BYTES] bytes that nobody can guess
    PageSessions(String token, LongSupplier nowMs, Supplier<byte[]> random) {
        this.token = token.getBytes(StandardCharsets.US_ASCII);
        this.nowMs = nowMs;
        this.random = random;
        this.cookie = "waggle_" + sign("name").substring(0, 8);          // cookies do not know ports: each node of a machine has its own
    }

    static int randomBytes() {
        return RANDOM_BYTES;
    }

    /// A new link's secret. The oldest of [#LINKS_MAX] is forgotten.
    String link() {
        var secret = Hex.of(random.get());
        synchronized (links) {
            links.put(secret, nowMs.getAsLong() + LINK_MS);
            for (Iterator<String> oldest = links.keySet().iterator(); links.size() > LINKS_MAX; oldest.remove()) oldest.next();
        }
        return secret;
    }

    /// @return empty when the link was used, is too old, or never was
    Optional<Opened> byLink(String secret) {
        Long endMs;
        synchronized (links) {
            endMs = links.remove(secret);
        }
        return endMs == null || endMs < nowMs.getAsLong() ? Optional.empty() : Optional.of(open());
    }

    /// @return empty when that is not the node's token
    Optional<Opened> byToken(String text) {
        return MessageDigest.isEqual(token, text.getBytes(StandardCharsets.UTF_8)) ? Optional.of(open()) : Optional.empty();
    }

    private Opened open() {
        var session = Hex.of(random.get()) + "." + (nowMs.getAsLong() + SESSION_MS);
        return new Opened(cookie + "=" + session + "." + sign("session " + session) + COOKIE_ATTRIBUTES + SESSION_MS / 1_000, sign("word " + session));
    }

    /// What makes a browser forget its session.
    String ended() {
        return cookie + "=" + COOKIE_ATTRIBUTES + 0;
    }

    /// Whether a request comes from a page that was let in.
    boolean isOpen(Optional<String> cookies, Optional<String> word) {
        if (cookies.isEmpty() || word.isEmpty()) return false;
        for (var each : cookies.get().split(";")) {
            var named = each.strip();
            if (named.startsWith(cookie + "=") && isOpen(named.substring(cookie.length() + 1).split("\\.", -1), word.get())) return true;
        }
        return false;
    }

    private boolean isOpen(String[] parts, String word) {
        if (parts.length != 3 || !parts[1].matches("[0-9]{1,15}") || Long.parseLong(parts[1]) < nowMs.getAsLong()) return false;
        var session = parts[0] + "." + parts[1];
        return same(sign("session " + session), parts[2]) && same(sign("word " + session), word);
    }

    private static boolean same(String ours, String theirs) {
        return MessageDigest.isEqual(ours.getBytes(StandardCharsets.US_ASCII), theirs.getBytes(StandardCharsets.UTF_8));
    }

    private String sign(String what) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(token, "HmacSHA256"));
            return Hex.of(mac.doFinal(("waggle page " + what).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }
}
