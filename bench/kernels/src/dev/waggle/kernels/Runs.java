package dev.waggle.kernels;

import dev.waggle.apps.table.TableView;
import dev.waggle.core.event.Event;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.log.Verdict;
import dev.waggle.net.wire.FrameCodec;
import dev.waggle.sync.protocol.Frame;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What is done to many events at once, as one event's share: frames, a log in memory that admits them, a view that folds them. Each begins from nothing, so nothing
/// grows from one measurement to the next.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Runs {
    private static final int FRAME = 64;

    private Sample sample;
    private Frame frame;
    private byte[] plain;
    private byte[] compressed;
    private List<Entry> inserts;
    private List<Entry> edits;

    @Setup public void prepare() {
        sample = Sample.make();
        var events = sample.events();
        frame = new Frame.Events(events.getLast().space(), events.subList(events.size() - FRAME, events.size()), events.size());
        plain = FrameCodec.encode(frame, false);
        compressed = FrameCodec.encode(frame, true);
        inserts = entries(events, 0);
        edits = entries(sample.edits(), inserts.size());
    }

    private static List<Entry> entries(List<Event> events, int before) {
        var entries = new ArrayList<Entry>();
        for (var event : events) {
            event.body();
            entries.add(new Entry.Admitted(before + entries.size() + 1, event, Verdict.COUNTS));
        }
        return entries;
    }

    @Benchmark @OperationsPerInvocation(FRAME) public byte[] frameEncode() {
        return FrameCodec.encode(frame, false);
    }

    @Benchmark @OperationsPerInvocation(FRAME) public byte[] frameEncodeCompressed() {
        return FrameCodec.encode(frame, true);
    }

    @Benchmark @OperationsPerInvocation(FRAME) public Frame frameDecode() {
        return FrameCodec.decode(plain, Frame.FRAME_BYTES_MAX);
    }

    @Benchmark @OperationsPerInvocation(FRAME) public Frame frameDecodeCompressed() {
        return FrameCodec.decode(compressed, Frame.FRAME_BYTES_MAX);
    }

    /// Rules, chain, parents, clock, and one signature a run.
    @Benchmark @OperationsPerInvocation(Sample.ROWS) public MemoryEventLog admission() {
        var log = Sample.log(sample.genesis());
        for (var group : sample.groups()) log.append(group, Sample.NOW_MS);
        if (log.state().lastOffset() < Sample.ROWS) throw new IllegalStateException("not all were admitted: " + log.counts());
        return log;
    }

    /// New rows into a view in memory.
    @Benchmark @OperationsPerInvocation(Sample.ROWS) public TableView foldInserts() {
        return Sample.view(inserts);
    }

    /// The same, and for each row two edits that did not know one another: an insert and two edits count as three.
    @Benchmark @OperationsPerInvocation(3 * Sample.ROWS) public TableView foldAndMerge() {
        var view = Sample.view(inserts);
        edits.forEach(view::apply);
        view.settle();
        return view;
    }
}
