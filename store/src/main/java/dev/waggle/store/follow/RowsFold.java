package dev.waggle.store.follow;

import dev.waggle.core.log.Entry;
import dev.waggle.store.view.ViewConnection;
import dev.waggle.store.view.ViewUnavailable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/// Writes rows behind a log, in a file of their own. A file that is damaged is deleted and made again from the log.
///
/// @param <N> what is told when something is shown otherwise
public final class RowsFold<N> implements FoldedView {
    /// What turns entries into rows, begun anew after a transaction that failed: what it remembers is not in the file.
    ///
    /// @param cursor the rows hold everything up to this offset
    /// @param settle called once behind the entries of a transaction
    /// @param news   what was shown otherwise since it was asked last
    public record Folding<N>(long cursor, Consumer<Entry> apply, Runnable settle, Supplier<List<N>> news) {}

    /// In one transaction: what is written behind many entries at once is written to fewer pages, less often.
    private static final int PIECES_MAX = 8;
    private final Supplier<Opened<N>> open;
    private final Consumer<List<N>> told;
    private Opened<N> opened;            // these two are null while it rests
    private Folding<N> folding;
    private long committed;

    private record Opened<N>(ViewConnection db, Supplier<Folding<N>> begin) {}

    private RowsFold(Supplier<Opened<N>> open, Consumer<List<N>> told) {
        this.open = open;
        this.told = told;
        wake();
    }

    /// @param file   may be deleted at any time while nothing is open
    /// @param writer opens it, and makes it when there is none
    /// @param told   must return at once; called after each commit
    public static <C extends ViewConnection, N> RowsFold<N> open(Path file, Function<Path, C> writer, Function<C, Folding<N>> begin, Consumer<List<N>> told) {
        Supplier<Opened<N>> opening = () -> {
            var db = writer.apply(file);
            return new Opened<>(db, () -> begin.apply(db));
        };
        try {
            return new RowsFold<>(opening, told);
        } catch (ViewUnavailable damaged) {
            try {
                for (var suffix : List.of("", "-wal", "-shm")) Files.deleteIfExists(Path.of(file + suffix));
            } catch (IOException e) {
                damaged.addSuppressed(e);
                throw damaged;
            }
            return new RowsFold<>(opening, told);
        }
    }

    private void wake() {
        if (opened == null) opened = open.get();
        if (folding == null) begin();
    }

    private void begin() {
        folding = opened.begin().get();
        committed = folding.cursor();
    }

    @Override public long cursor() {
        wake();
        return committed;
    }

    @Override public void rest() {
        var awake = opened;
        opened = null;
        folding = null;
        if (awake != null) awake.db().close();
    }

    @Override public void fold(List<Entry> entries) {
        fold(entries, _ -> List.of());
    }

    @Override public void fold(List<Entry> entries, LongFunction<List<Entry>> more) {
        wake();
        var db = opened.db();
        try {
            db.begin();
            long upTo = committed;
            int pieces = 0;
            for (var piece = entries; !piece.isEmpty(); piece = ++pieces < PIECES_MAX ? more.apply(upTo) : List.of()) {
                piece.forEach(folding.apply());
                upTo = piece.getLast().offset();
            }
            folding.settle().run();
            db.commit();
            committed = upTo;
        } catch (RuntimeException e) {
            folding = null;                      // what it remembers is not in the file, whatever becomes of the rollback
            try {
                db.rollback();
                begin();
            } catch (RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        var news = folding.news().get();
        if (!news.isEmpty()) told.accept(news);
    }

    @Override public void close() {
        rest();
    }
}
