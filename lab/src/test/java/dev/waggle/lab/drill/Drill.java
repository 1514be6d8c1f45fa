package dev.waggle.lab.drill;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Plants mistakes and lets each be searched for, two at a time.
final class Drill implements AutoCloseable {
    private static final int SEARCHERS = 2;
    private static final int TRACES_TOGETHER = 5;

    private final Project project = Project.find();
    private final Path folder;
    private final List<Mistake> mistakes;
    private final ExecutorService workers = Executors.newFixedThreadPool(SEARCHERS);
    private final LinkedBlockingQueue<Searcher> searchers = new LinkedBlockingQueue<>();

    /// @param folder gets the changed classes
    Drill(Path folder) throws IOException {
        this.folder = folder;
        mistakes = Mistake.all(project.mistakes());
        for (int i = 0; i < SEARCHERS; i++) searchers.add(new Searcher(project));
    }

    Project project() {
        return project;
    }

    List<Mistake> mistakes() {
        return mistakes;
    }

    /// Plants these mistakes.
    ///
    /// @return what is wrong with those that could not be planted
    List<String> plant(List<Mistake> some) {
        var problems = new ConcurrentSkipListSet<String>();
        each(IntStream.range(0, SEARCHERS).boxed().toList(), worker -> {
            try (var planting = new Planting(project)) {
                for (var mistake : IntStream.range(0, some.size()).filter(i -> i % SEARCHERS == worker).mapToObj(some::get).toList()) {
                    try {
                        planting.plant(mistake, planted(mistake));
                    } catch (IllegalStateException e) {
                        problems.add(e.getMessage());
                    }
                }
            }
            return worker;
        });
        return List.copyOf(problems);
    }

    private Path planted(Mistake mistake) {
        return folder.resolve(mistake.name());
    }

    /// Does something with each of these mistakes and each of its finders, two at a time.
    void forEach(List<Mistake> some, BiConsumer<Mistake, Finder> search) {
        each(some, mistake -> {
            for (var finder : mistake.finders()) search.accept(mistake, finder);
            return mistake;
        });
    }

    /// Lets finders search where there is no mistake.
    ///
    /// @return what they found all the same
    List<String> searchWithoutMistake(Collection<Finder> finders, long seedsMax, Duration patience) {
        var all = new ConcurrentSkipListSet<String>();
        each(List.copyOf(finders), finder -> {
            var found = search(Optional.empty(), finder, 1, seedsMax, patience);
            if (found.how() != Found.How.MISSED) all.add(finder + ": " + found.text());
            return finder;
        });
        return List.copyOf(all);
    }

    /// @param first    the first seed
    /// @param patience for one answer
    Found search(Mistake mistake, Finder finder, long first, long seedsMax, Duration patience) {
        return search(Optional.of(planted(mistake)), finder, first, seedsMax, patience);
    }

    private Found search(Optional<Path> planted, Finder finder, long first, long seedsMax, Duration patience) {
        var question = switch (finder) {
            case Finder.Simulator(var reason) -> "simulator " + first + " " + seedsMax + " " + reason;
            case Finder.Test(var type, var method) -> "test " + type + " " + method;
            case Finder.TwoProcesses() -> "";
        };
        if (question.isEmpty()) return compareTraces(planted, first, seedsMax, patience);
        return with(searcher -> searcher.ask(planted, question, patience)).map(Found::read).orElseGet(() -> hung(patience));
    }

    private static Found hung(Duration patience) {
        return new Found(Found.How.HUNG, 0, "no answer after " + patience.toSeconds() + " s");
    }

    private Found compareTraces(Optional<Path> planted, long first, long seedsMax, Duration patience) {
        try (var one = new Searcher(project); var other = new Searcher(project)) {
            for (long seed = first; seed < first + seedsMax; seed += TRACES_TOGETHER) {
                var question = "traces " + seed + " " + TRACES_TOGETHER;
                var here = one.ask(planted, question, patience);
                var there = other.ask(planted, question, patience);
                if (here.isEmpty() || there.isEmpty()) return hung(patience);
                int differs = Arrays.mismatch(here.get().split(" "), there.get().split(" "));
                if (differs >= 0) return new Found(Found.How.FOUND, seed - first + differs + 1, "seed " + (seed + differs) + ": another trace in another process");
            }
        }
        return new Found(Found.How.MISSED, seedsMax, "");
    }

    private <T> T with(Function<Searcher, T> use) {
        var searcher = searchers.remove();
        try {
            return use.apply(searcher);
        } finally {
            searchers.add(searcher);
        }
    }

    private interface Doing<A, B> {
        B with(A item) throws Exception;
    }

    /// All at once on the workers, of which there is one for each searcher.
    private <A, B> void each(List<A> items, Doing<A, B> doing) {
        var tasks = new ArrayList<Callable<B>>();
        for (var item : items) tasks.add(() -> doing.with(item));
        try {
            for (var task : workers.invokeAll(tasks)) task.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e.getCause() == null ? e : e.getCause());
        }
    }

    @Override public void close() {
        workers.shutdownNow();
        searchers.forEach(Searcher::close);
    }
}
