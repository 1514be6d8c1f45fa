package dev.waggle.node.board;

import dev.waggle.apps.board.BoardLimits;
import dev.waggle.apps.board.TaskRow;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.store.board.BoardQueries.Wanted;
import dev.waggle.store.board.Project;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Runs a command of the settings for a task. What it prints becomes the task's log. A task chooses a command by the name that the settings give it, and
/// nothing that a task says becomes part of the command: it is told in variables of the environment, where it is data.
final class CommandWorker implements Worker {
    static final String LABEL = "run:";
    static final String DEFAULT = "default";
    /// Of the environment of the node: no secret of the node is among them.
    private static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "USER");
    private static final int LINES_MAX = 10_000;
    private static final int PIECE_LINES = 100;
    private static final int PIECE_BYTES = 48 * 1024;                     // in JSON, of the 64 KiB of an event
    private static final long PIECE_MS = 500;
    private static final long CHILD_MS = 2_000;
    private final Map<String, List<String>> commands;
    private final Path folder;

    /// @param folder where commands run
    CommandWorker(Map<String, List<String>> commands, Path folder) {
        this.commands = commands;
        this.folder = folder;
    }

    private Optional<List<String>> command(TaskRow task) {
        var named = task.labels().stream().filter(label -> label.startsWith(LABEL)).map(label -> label.substring(LABEL.length())).toList();
        return named.isEmpty() ? Optional.ofNullable(commands.get(DEFAULT)) : named.stream().filter(commands::containsKey).findFirst().map(commands::get);
    }

    @Override public Wanted wanted() {
        return new Wanted(commands.keySet().stream().map(name -> LABEL + name).collect(Collectors.toSet()), LABEL, commands.containsKey(DEFAULT));
    }

    @Override public Work begin(Project project, TaskRow task, String visibleId, Consumer<List<String>> lines) {
        var builder = new ProcessBuilder(command(task).orElseThrow()).directory(folder.toFile()).redirectErrorStream(true);
        var environment = builder.environment();
        environment.keySet().retainAll(INHERITED);
        tell(environment, "WAGGLE_TASK_ID", visibleId);
        tell(environment, "WAGGLE_TASK_SHARED_ID", task.id());
        tell(environment, "WAGGLE_TASK_TITLE", task.title());
        tell(environment, "WAGGLE_TASK_DESCRIPTION", task.description());
        tell(environment, "WAGGLE_TASK_PRIORITY", Integer.toString(task.priority()));
        tell(environment, "WAGGLE_TASK_LABELS", String.join(",", task.labels()));
        task.externalId().ifPresent(id -> tell(environment, "WAGGLE_TASK_EXTERNAL_ID", id));
        task.claim().ifPresent(claim -> tell(environment, "WAGGLE_TASK_TOKEN", Long.toString(claim.token())));
        tell(environment, "WAGGLE_PROJECT_ID", project.id());
        tell(environment, "WAGGLE_PROJECT_NAME", project.name());
        try {
            var process = builder.start();
            process.getOutputStream().close();
            return new Running(process, lines);
        } catch (IOException e) {
            lines.accept(List.of("The command could not be started: " + e.getMessage()));
            return new Failed();
        }
    }

    /// A program sees what lies before a NUL only, and the system refuses one.
    private static void tell(Map<String, String> environment, String name, String value) {
        environment.put(name, value.replace("\0", ""));
    }

    private record Failed() implements Work {
        @Override public Optional<Integer> await(long msMax) {
            return Optional.of(127);                                      // as a shell says it
        }

        @Override public void kill() {}
    }

    private static final class Running implements Work {
        private final Process process;
        private final Thread reader;
        private final Consumer<List<String>> told;
        private final List<String> piece = new ArrayList<>();             // these four are touched by `reader` only
        private int pieceBytes;
        private long pieceNs;
        private int count;
        private volatile boolean telling;

        Running(Process process, Consumer<List<String>> told) {
            this.process = process;
            this.told = told;
            this.reader = Thread.ofVirtual().name("task-output").start(this::read);
        }

        private void read() {
            try (var in = new BufferedInputStream(process.getInputStream())) {
                for (var line = line(in); line != null; line = line(in)) {
                    if (++count == LINES_MAX + 1) add("(more than " + LINES_MAX + " lines: the rest is not kept)");
                    else if (count <= LINES_MAX) add(line);
                    if (piece.size() >= PIECE_LINES || in.available() == 0 || System.nanoTime() - pieceNs > PIECE_MS * 1_000_000) tell();
                }
            } catch (IOException _) {
                // it was killed
            }
            tell();
        }

        private void add(String line) {
            int bytes = Canonical.bytes(Json.of(line)).length;
            if (pieceBytes + bytes > PIECE_BYTES) tell();
            piece.add(line);
            pieceBytes += bytes;
        }

        private void tell() {
            telling = true;
            if (!piece.isEmpty()) told.accept(List.copyOf(piece));
            telling = false;
            piece.clear();
            pieceBytes = 0;
            pieceNs = System.nanoTime();
        }

        /// A line's text; of one that is too long only the beginning.
        private static String line(InputStream in) throws IOException {
            var bytes = new ByteArrayOutputStream();
            int max = BoardLimits.LINE_MAX / 4;                           // whatever the characters, it fits
            boolean any = false;
            for (int b = in.read(); b >= 0; b = in.read()) {
                any = true;
                if (b == '\n') return text(bytes);
                if (bytes.size() < max) bytes.write(b);
            }
            return any ? text(bytes) : null;
        }

        private static String text(ByteArrayOutputStream bytes) {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        @Override public Optional<Integer> await(long msMax) throws InterruptedException {
            if (!process.waitFor(msMax, TimeUnit.MILLISECONDS)) return Optional.empty();
            do reader.join(CHILD_MS);                                     // a child that it left behind may hold the pipe for ever
            while (telling && reader.isAlive());                          // what it said comes before what became of it, however long the log is away
            return Optional.of(process.exitValue());
        }

        @Override public void kill() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
