package dev.waggle.store.capture;

/// Why a table is not tracked, and what helps.
public record Refusal(String table, Reason reason, String detail) {
    public enum Reason {
        NO_KEY("it has no key", "give it a PRIMARY KEY or a UNIQUE index over NOT NULL columns"),
        NULL_KEY("rows have NULL in the key", "fill these rows' key, and declare the key columns NOT NULL"),
        VIRTUAL("it is a virtual table", "track the tables it is made from; an index of it can be rebuilt from them"),
        SHADOW("it belongs to a virtual table", "track the tables the virtual table is made from"),
        PRIVATE_FUNCTION("its schema needs a function or collation that only its own program has", "use SQLite's own functions and collations in the schema"),
        NAME_TAKEN("its name is one that Waggle uses", "rename the table"),
        LONG("its declaration, indexes and triggers do not fit one event of 64 KiB", "shorten them, or split the table"),
        MISSING("there is no such table", "check the name with .tables in the sqlite3 shell");

        private final String what;
        private final String wayOut;

        Reason(String what, String wayOut) {
            this.what = what;
            this.wayOut = wayOut;
        }
    }

    /// For people: the table, the reason and the way out.
    public String sentence() {
        return "table " + table + " cannot be tracked: " + reason.what + (detail.isEmpty() ? "" : " (" + detail + ")") + "; " + reason.wayOut;
    }
}
