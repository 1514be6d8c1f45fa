package dev.waggle.sim;

/// One node's wall clock: as wrong as the run wants it. The time since the start of the run is right everywhere.
final class SimClock {
    private final Schedule schedule;
    private long offsetMs;
    private long driftPpm;
    private long driftSinceMs;
    private long frozenAtMs = -1;

    SimClock(Schedule schedule) {
        this.schedule = schedule;
    }

    long wallMs() {
        long now = schedule.nowMs();
        if (frozenAtMs >= 0) now = frozenAtMs;
        return Math.max(1, Simulation.START_WALL_MS + now + offsetMs + driftPpm * (now - driftSinceMs) / 1_000_000);
    }

    /// How far it is from the truth.
    long errorMs() {
        return wallMs() - Simulation.START_WALL_MS - schedule.nowMs();
    }

    void wrongBy(long ms) {
        offsetMs = ms;
    }

    void wrongTo(long wallMs) {
        offsetMs = wallMs - Simulation.START_WALL_MS - schedule.nowMs();
    }

    /// @param ppm too fast by so many microseconds a second; negative for too slow
    void drift(long ppm) {
        driftPpm = ppm;
        driftSinceMs = schedule.nowMs();
    }

    void freeze() {
        if (frozenAtMs < 0) frozenAtMs = schedule.nowMs();
    }

    /// Goes on from where it stood: it is behind by as long as it stood still.
    void thaw() {
        if (frozenAtMs < 0) return;
        offsetMs -= schedule.nowMs() - frozenAtMs;
        frozenAtMs = -1;
    }

    /// A person, or NTP, sets it.
    void setRight() {
        offsetMs = 0;
        driftPpm = 0;
        frozenAtMs = -1;
    }
}
