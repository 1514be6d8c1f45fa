package dev.waggle.node.type;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Those who are told what changes in a space. Each has a queue of its own, at most [#QUEUE_MAX] long: who is slower than that loses news and is told so,
/// and reads on from its cursor. Thread-safe.
public final class Audience<T> {
    static final int QUEUE_MAX = 1_000;
    static final int SEATS_MAX = 200;
    private final Set<Seat<T>> seats = new HashSet<>();
    private boolean closed;

    /// One who looks on.
    public static final class Seat<T> implements AutoCloseable {
        private final ArrayDeque<T> queue = new ArrayDeque<>();
        private final Set<Seat<T>> seats;
        private boolean lost;
        private boolean over;

        private Seat(Set<Seat<T>> seats) {
            this.seats = seats;
        }

        /// What happened since the last call; waits for something to happen.
        ///
        /// @return empty when the space was closed; an empty list when nothing happened in time
        public Optional<Heard<T>> next(long msMax) throws InterruptedException {
            var until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(msMax);
            synchronized (this) {
                while (queue.isEmpty() && !lost && !over) {
                    long leftMs = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                    if (leftMs <= 0) return Optional.of(new Heard<T>(List.of(), false));
                    wait(leftMs);
                }
                if (over) return Optional.empty();
                var heard = new Heard<T>(new ArrayList<>(queue), lost);
                queue.clear();
                lost = false;
                return Optional.of(heard);
            }
        }

        private synchronized void tell(List<T> news) {
            for (var one : news) {
                if (queue.size() == QUEUE_MAX) {
                    queue.clear();
                    lost = true;
                }
                queue.add(one);
            }
            notifyAll();
        }

        private synchronized void end() {
            over = true;
            notifyAll();
        }

        /// Gives the seat back; whoever waits at it is told that it is over.
        @Override public void close() {
            synchronized (seats) {
                seats.remove(this);
            }
            end();
        }
    }

    /// @param lost something before these was not kept: look at the rows again
    public record Heard<T>(List<T> news, boolean lost) {}

    /// @return empty when there are [#SEATS_MAX] already
    public Optional<Seat<T>> seat() {
        synchronized (seats) {
            if (seats.size() >= SEATS_MAX) return Optional.empty();
            var seat = new Seat<>(seats);
            if (closed) seat.end();
            seats.add(seat);
            return Optional.of(seat);
        }
    }

    public void tell(List<T> news) {
        synchronized (seats) {
            seats.forEach(seat -> seat.tell(news));
        }
    }

    public void close() {
        synchronized (seats) {
            closed = true;
            seats.forEach(Seat::end);
        }
    }
}
