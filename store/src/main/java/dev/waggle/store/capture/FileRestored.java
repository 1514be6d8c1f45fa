package dev.waggle.store.capture;

import java.nio.file.Path;

/// While it was followed the file became what it was before, or its queue was emptied: what is remembered of it does not hold, and it has to be opened anew.
final class FileRestored extends RuntimeException {
    private static final long serialVersionUID = 1;

    FileRestored(Path path) {
        super(path + " was restored, or its queue was emptied, while it was followed; it is compared with the log");
    }
}
