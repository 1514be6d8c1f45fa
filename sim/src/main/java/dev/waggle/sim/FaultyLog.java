package dev.waggle.sim;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Counts;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogState;
import dev.waggle.core.log.Tip;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A log whose writes may fail before they change anything.
record FaultyLog(EventLog log, Runnable fault) implements EventLog {
    @Override public SpaceId space() {
        return log.space();
    }

    @Override public LogState state() {
        return log.state();
    }

    @Override public Counts counts() {
        return log.counts();
    }

    @Override public List<Admission> append(List<Event> batch, long nowMs) {
        fault.run();
        return log.append(batch, nowMs);
    }

    @Override public List<Entry.Admitted> write(Author author, List<Draft> drafts, List<Chunk> chunks, Map<String, byte[]> marks, long nowMs) {
        fault.run();
        return log.write(author, drafts, chunks, marks, nowMs);
    }

    @Override public List<Entry> read(long after, int entriesMax, int bytesMax) {
        return log.read(after, entriesMax, bytesMax);
    }

    @Override public Missing readMissing(List<Tip> have, long after, int eventsMax, int bytesMax) {
        return log.readMissing(have, after, eventsMax, bytesMax);
    }

    @Override public Optional<Entry.Admitted> at(ChainId chain, int branch, long seq) {
        return log.at(chain, branch, seq);
    }

    @Override public Optional<Entry.Admitted> find(EventId id) {
        return log.find(id);
    }

    @Override public Optional<Entry> atOffset(long offset) {
        return log.atOffset(offset);
    }

    @Override public List<Admission> putChunks(List<Chunk> chunks, long nowMs) {
        fault.run();
        return log.putChunks(chunks, nowMs);
    }

    @Override public Optional<byte[]> chunk(ChunkId id) {
        return log.chunk(id);
    }

    @Override public List<Admission> waiting(int eventsMax) {
        return log.waiting(eventsMax);
    }

    @Override public List<Admission> release(long nowMs) {
        fault.run();
        return log.release(nowMs);
    }

    @Override public Optional<byte[]> mark(String name) {
        return log.mark(name);
    }

    @Override public void marks(Map<String, byte[]> marks) {
        fault.run();
        log.marks(marks);
    }

    @Override public AutoCloseable onAppend(Runnable listener) {
        return log.onAppend(listener);
    }

    @Override public void close() {
        log.close();
    }
}
