package dev.waggle.apps.hive;

/// What is counted about a post or comment.
///
/// @param up       votes of 1
/// @param down     votes of -1
/// @param comments of a post: those that are shown
public record Totals(long up, long down, long comments) {
    public static final Totals NONE = new Totals(0, 0, 0);
    private static final double SECONDS_A_POWER = 45_000;

    public long score() {
        return up - down;
    }

    /// Orders posts by how interesting they are now without knowing when "now" is: ten times the votes weigh as much as 12.5 hours (Reddit's formula
    /// of 2008). In millionths.
    public static long hot(long score, long createdMs) {
        double order = StrictMath.log10(Math.max(Math.abs(score), 1));
        return Math.round((Math.signum((double) score) * order + createdMs / 1_000.0 / SECONDS_A_POWER) * 1_000_000);
    }
}
