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

    private final ViewConnection db;
    private final Supplier<Folding<N>> begin;
    private final Consumer<List<N>> told;
    private Folding<N> folding;
    private long committed;

    private RowsFold(ViewConnection db, Supplier<Folding<N>> begin, Consumer<List<N>> told) {
        this.db = db;
        this.begin = begin;
        this.told = told;
        begin();
    }

    /// @param file   may be deleted at any time while nothing is open
    /// @param writer opens it, and makes it when there is none
    /// @param told   must return at once; called after each commit
    public static <C extends ViewConnection, N> RowsFold<N> open(Path file, Function<Path, C> writer, Function<C, Folding<N>> begin, Consumer<List<N>> told) {
        try {
            return over(writer.apply(file), begin, told);
        } catch (ViewUnavailable damaged) {
            try {
                for (var suffix : List.of("", "-wal", "-shm")) Files.deleteIfExists(Path.of(file + suffix));
            } catch (IOException e) {
                damaged.addSuppressed(e);
                throw damaged;
            }
            return over(writer.apply(file), begin, told);
        }
    }

    private static <C extends ViewConnection, N> RowsFold<N> over(C db, Function<C, Folding<N>> begin, Consumer<List<N>> told) {
        return new RowsFold<>(db, () -> begin.apply(db), told);
    }

    private void begin() {
        folding = begin.get();
        committed = folding.cursor();
    }

    @Override public long cursor() {
        return committed;
    }

    @Override public void fold(List<Entry> entries) {
        try {
            db.begin();
            entries.forEach(folding.apply());
            folding.settle().run();
            db.commit();
            committed = entries.getLast().offset();
        } catch (RuntimeException e) {
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
        db.close();
    }
}
