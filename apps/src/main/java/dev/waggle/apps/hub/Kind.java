package dev.waggle.apps.hub;

import java.util.Locale;

/// Of what a hub keeps accounts. The event type is [#eventType].
public enum Kind {
    /// `name`, `removed`.
    ORGANISATION,
    /// `organisation`, `email`, `password` (a hash), `role` (`admin` or `member`), `removed`, `signed_in_ms`.
    USER,
    /// A name for secrets that take turns: `organisation`, `name`, `removed`.
    KEY,
    /// What a node presents: `key`, `hash`, `hint`, `created_ms`, `removed`.
    SECRET,
    /// Its id is the node's: `organisation`, `key`, `name`, `public_url`, `removed`.
    NODE,
    /// Its id is the space's: `organisation`, `name`, `node` (who brought it), `open`, `removed`.
    PROJECT,
    /// A node may take part in a project that is not open to the whole organisation: `project`, `node`, `removed`.
    GRANT;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String eventType() {
        return wire() + "_changed";
    }
}
