package dev.waggle.lab.drill;

/// What a search came to.
///
/// @param seeds how many were run, the one that found it among them; 1 for a test
/// @param said  the failure, on one line
record Found(How how, long seeds, String said) {
    private static final int SAID_CHARS_MAX = 300;

    enum How {
        FOUND,
        /// Something failed, for another reason than this mistake should.
        OTHERWISE,
        MISSED,
        /// No answer in time.
        HUNG
    }

    String text() {
        var line = said.replaceAll("\\s+", " ");
        return how + " " + seeds + " " + line.substring(0, Math.min(line.length(), SAID_CHARS_MAX));
    }

    static Found read(String text) {
        var words = text.split(" ", 3);
        return new Found(How.valueOf(words[0]), Long.parseLong(words[1]), words[2]);
    }
}
