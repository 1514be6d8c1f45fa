package dev.waggle.lab.power;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.store.sql.SqlEventLog;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/// What must be true of a log on a disk after a power cut.
final class LogImage {
    private static final int PAGE_EVENTS = 1_000;
    private static final int PAGE_BYTES = 1 << 22;

    private LogImage() {}

    /// Opens the log as a node does, compares it with what was acknowledged, writes one more event, and deletes the image.
    ///
    /// @param acknowledged lines of [Writing]
    static void check(Path image, Set<String> acknowledged) throws Exception {
        var file = Writing.file(image);
        if (Files.isDirectory(file.getParent())) {
            try (var log = Writing.open(file)) {
                integrity(file);
                check(log, acknowledged);
            }
        } else {
            assertThat(acknowledged).as("acknowledged, and the log is gone").isEmpty();
        }
        delete(image);
    }

    private static void check(SqlEventLog log, Set<String> acknowledged) {
        var here = new HashSet<String>();
        var places = new HashSet<Long>();
        for (var page = log.read(0, PAGE_EVENTS, PAGE_BYTES); !page.isEmpty(); page = log.read(page.getLast().offset(), PAGE_EVENTS, PAGE_BYTES)) {
            for (var entry : page) {
                var event = ((Entry.Admitted) entry).event();
                here.add("event " + event.id().hex());
                assertThat(places.add(event.envelope().seq())).as("a place of the chain is used once").isTrue();
            }
        }
        for (var line : acknowledged)
            if (line.startsWith("chunk ")) assertThat(log.chunk(new ChunkId(line.substring(6)))).as("acknowledged " + line).isPresent();
        assertThat(here).as("events, of those acknowledged").containsAll(acknowledged.stream().filter(line -> line.startsWith("event ")).toList());
        assertThat(places).as("no gap").hasSize(places.stream().mapToInt(Long::intValue).max().orElse(0));
        if (here.isEmpty()) log.append(List.of(Writing.GENESIS), Writing.NOW_MS);
        var next = log.write(Writing.AUTHOR, List.of(new Draft("row", Json.object())), List.of(), Map.of(), Writing.NOW_MS).getFirst().event();
        assertThat(places.add(next.envelope().seq())).as("the next event's place was free").isTrue();
        assertThat(next.envelope().chain().epoch()).isEqualTo(Writing.AUTHOR.epoch());
    }

    static void integrity(Path file) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file); var statement = connection.createStatement();
             var rows = statement.executeQuery("PRAGMA integrity_check")) {
            assertThat(rows.getString(1)).as("integrity of " + file.getFileName()).isEqualTo("ok");
        }
    }

    static void delete(Path root) throws IOException {
        if (!Files.exists(root)) return;
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }

            @Override public FileVisitResult postVisitDirectory(Path each, IOException failed) throws IOException {
                if (failed != null) throw failed;
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
