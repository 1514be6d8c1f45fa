package dev.waggle.store.postgres;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Where a PostgreSQL database is and who asks. The password is never in what is shown.
///
/// @param url  for the driver, without user and password
/// @param user empty for the one of the operating system
public record DatabaseAddress(String url, Optional<String> user, Optional<String> password) {
    /// @param text     `jdbc:postgresql://[USER[:PASSWORD]@]HOST[:PORT]/DATABASE[?…]`, or `postgres(ql)://…`; user and password may also be parameters
    /// @param password used when the text has none
    /// @throws IllegalArgumentException when it is something else; the message shows no password
    public static DatabaseAddress parse(String text, Optional<String> password) {
        var plain = text.startsWith("jdbc:") ? text.substring(5) : text;
        if (plain.startsWith("postgres:")) plain = "postgresql:" + plain.substring("postgres:".length());
        URI uri;
        try {
            uri = new URI(plain);
        } catch (java.net.URISyntaxException _) {
            throw new IllegalArgumentException(EXPECTED);
        }
        if (!"postgresql".equals(uri.getScheme()) || uri.getRawAuthority() == null || uri.getRawPath().length() < 2) throw new IllegalArgumentException(EXPECTED);
        var authority = uri.getRawAuthority();
        int at = authority.lastIndexOf('@');
        var who = at < 0 ? "" : authority.substring(0, at);
        int colon = who.indexOf(':');
        var user = decoded(colon < 0 ? who : who.substring(0, colon));
        var secret = colon < 0 ? Optional.<String>empty() : decoded(who.substring(colon + 1));
        var rest = new StringBuilder();
        for (var parameter : uri.getRawQuery() == null ? new String[0] : uri.getRawQuery().split("&")) {
            if (parameter.startsWith("user=")) user = decoded(parameter.substring(5));
            else if (parameter.startsWith("password=")) secret = decoded(parameter.substring(9));
            else rest.append(rest.isEmpty() ? '?' : '&').append(parameter);
        }
        return new DatabaseAddress("jdbc:postgresql://" + authority.substring(at + 1) + uri.getRawPath() + rest, user, secret.or(() -> password));
    }

    private static final String EXPECTED = "a database is named like jdbc:postgresql://host:5432/name";

    private static Optional<String> decoded(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
    }

    @Override public String toString() {
        return url + user.map(name -> " as " + name).orElse("");
    }
}
