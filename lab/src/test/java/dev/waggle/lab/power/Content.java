package dev.waggle.lab.power;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// The bytes of one file: those that are on the disk for certain, and the changes that may or may not have reached it.
final class Content {
    static final int SECTOR_BYTES = 512;

    /// A truncation has no bytes.
    private record Change(long at, byte[] bytes) {
        boolean isTruncation() {
            return bytes == null;
        }
    }

    private byte[] durable;
    private int size;
    private final List<Change> pending = new ArrayList<>();
    private long settled;                                    // changes before the first pending one
    private long lostBelow;                                  // an fsync of the changes below this failed: no later one will write them

    Content() {
        this(new byte[0]);
    }

    Content(byte[] durable) {
        this.durable = durable;
        size = durable.length;
    }

    void write(long at, byte[] bytes) {
        pending.add(new Change(at, bytes));
    }

    void truncate(long to) {
        pending.add(new Change(to, null));
    }

    /// @return how many changes there were so far: what an fsync that begins now promises
    long changes() {
        return settled + pending.size();
    }

    /// An fsync that began when there were `changes` succeeded.
    void sync(long changes) {
        int count = (int) Math.max(0, changes - settled);
        for (var change : pending.subList(0, count))
            if (settled++ >= lostBelow) apply(change);
        pending.subList(0, count).clear();
    }

    /// An fsync failed: as on Linux, what it should have written counts as clean afterwards, although it is not on the disk.
    void failSync(long changes) {
        lostBelow = Math.max(lostBelow, changes);
    }

    byte[] durable() {
        return Arrays.copyOf(durable, size);
    }

    /// The durable bytes, and each sector of what was written since with the probability `kept`.
    byte[] torn(RandomGenerator random, double kept) {
        var copy = new Content(durable());
        for (var change : pending) {
            if (change.isTruncation()) {
                if (random.nextDouble() < kept) copy.apply(change);
                continue;
            }
            long end = change.at + change.bytes.length;
            for (long from = change.at; from < end; ) {
                long to = Math.min(end, (from / SECTOR_BYTES + 1) * SECTOR_BYTES);
                if (random.nextDouble() < kept)
                    copy.apply(new Change(from, Arrays.copyOfRange(change.bytes, (int) (from - change.at), (int) (to - change.at))));
                from = to;
            }
        }
        return copy.durable();
    }

    private void apply(Change change) {
        int end = Math.toIntExact(change.isTruncation() ? change.at : change.at + change.bytes.length);
        if (end > durable.length) durable = Arrays.copyOf(durable, Math.max(end, durable.length * 2));
        if (change.isTruncation()) {
            if (end < size) Arrays.fill(durable, end, size, (byte) 0);
            size = end;
        } else {
            System.arraycopy(change.bytes, 0, durable, (int) change.at, change.bytes.length);
            size = Math.max(size, end);
        }
    }
}
