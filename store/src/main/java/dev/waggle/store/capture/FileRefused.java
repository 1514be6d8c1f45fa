package dev.waggle.store.capture;

import java.sql.SQLException;

/// The file, or what was asked of it, cannot be done as it is. Nothing was changed. The message says why and what helps.
public final class FileRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public FileRefused(String message) {
        super(message);
    }

    FileRefused(String message, Throwable cause) {
        super(message, cause);
    }

    /// What is there is no database, or no readable one: nothing of Waggle can be taken out of it.
    public boolean isNoDatabase() {
        return getCause() instanceof SQLException e && UserFile.isNoDatabase(e);
    }
}
