package dev.waggle.store.compare;

import java.nio.file.Path;

/// A file cannot be read as a SQLite database now. Nothing was changed; the message names the file and the reason.
public final class CannotCompare extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotCompare(Path file, String reason, Exception cause) {
        super(file + ": " + reason, cause);
    }
}
