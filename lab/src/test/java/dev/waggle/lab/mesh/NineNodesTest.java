package dev.waggle.lab.mesh;

import dev.waggle.core.Property;
import dev.waggle.core.event.Json;
import dev.waggle.lab.forwarder.Chaos;
import dev.waggle.lab.process.NodeProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

import static org.assertj.core.api.Assertions.assertThat;

/// A1 to A14 between real processes. Nine nodes know each other as a line and become a mesh by gossip; programs write posts, comments and votes on all nine while
/// links are cut and healed, all nodes are alone for a while and nodes are killed; afterwards all nine show the same, and all that was acknowledged. Then a member is removed
/// while it is cut off and writes on, and a tenth node joins twice: event by event, and from a checkpoint. [Size] says how much is written; `-Dseed=…` draws
/// other faults, `-Dreport=FILE` writes down what was measured.
class NineNodesTest {
    private static final int NODES = 9;
    private static final long EXCHANGE_MS_MIN = 4_000;
    private static final int EXCHANGES_MAX = 3;
    private static final int STARTS_AT_ONCE = 3;
    private static final int POSTS_OF_REMOVED = 5;
    @TempDir Path folder;
    private final Size size = Size.asked();
    private final long seed = Long.getLong("seed", 1);
    private final RandomGenerator dice = Property.random(seed);
    private final MeshReport report = new MeshReport(size, seed);
    private final List<HiveNode> nodes = new ArrayList<>();
    private final List<HiveNode> later = new ArrayList<>();
    private final Acknowledged said = new Acknowledged();
    private long exchangeMs = EXCHANGE_MS_MIN;       // as short as the machine allows: see mesh()

    @AfterEach void stop() throws Exception {
        for (var node : nodes) node.close();
        for (var node : later) node.close();
        report.write();
    }

    @Tag("N01") @Tag("N02") @Tag("S01") @Tag("A05") @Tag("T06")
    @Test void nine_nodes_that_knew_each_other_as_a_line_show_the_same_after_all_that_can_happen_and_a_tenth_joins() throws Exception {
        line();
        mesh();
        try (var programs = new Programs(nodes, size, said, dice.nextLong())) {
            write(programs);
        }
        nodes.forEach(node -> report.add("CPU of " + node.name, "%.0f s, %,d events here already when they came again", node.cpuSeconds(), node.space().integer("duplicate")));
        allIsThere();
        removedWhileCutOff();
        tenth();
    }

    // from a line to a mesh

    private void line() throws Exception {
        long began = System.nanoTime();
        for (int i = 0; i < NODES; i++) nodes.add(new HiveNode(folder, "n" + i, size.isLong()).settings(false, exchangeMs));
        start();
        exchangeMs = Math.max(EXCHANGE_MS_MIN, (System.nanoTime() - began) / 4_000_000);
        nodes.getFirst().process.ask("hive", "create", "bees", "--as", "founder");
        for (int i = 1; i < NODES; i++) {
            var ticket = nodes.get(i - 1).process.ask("invite", "--role", "moderator").text("ticket");
            nodes.get(i).process.ask("hive", "join", ticket);
        }
        for (int i = 0; i < NODES; i++) assertThat(nodes.get(i).peers()).as("a line").hasSize(i == 0 || i == NODES - 1 ? 1 : 2);
    }

    /// A few at a time: nine that start at once are all late.
    private void start() throws Exception {
        for (int i = 0; i < NODES; i += STARTS_AT_ONCE) {
            var some = nodes.subList(i, Math.min(NODES, i + STARTS_AT_ONCE));
            for (var node : some) node.begin();
            for (var node : some) node.awaitUp();
        }
    }

    /// Peers tell each other of peers once an interval, and an interval is a quarter of what nine starts took: on a machine that is busy with other things everything takes longer.
    private void mesh() throws Exception {
        for (var node : nodes) node.kill();
        for (var node : nodes) node.settings(true, exchangeMs);
        start();
        long began = System.nanoTime();
        for (var node : nodes) NodeProcess.await(node.name + " is connected to everybody", () -> node.connected() == NODES - 1);
        double intervals = (System.nanoTime() - began) / 1e6 / exchangeMs;
        report.add("from a line to a full mesh", "%.1f exchange intervals of %d ms", intervals, exchangeMs);
        assertThat(intervals).as("exchange intervals").isLessThanOrEqualTo(EXCHANGES_MAX);
    }

    // writing

    private void write(Programs programs) throws Exception {
        long began = System.nanoTime();
        part(programs, 0.25, "a whole mesh", _ -> { });
        part(programs, 0.5, "bad links", this::chaos);
        part(programs, 0.75, "every node alone, some killed", running -> {
            nodes.forEach(node -> node.door.stop());
            NodeProcess.await("nobody is connected to anybody", () -> nodes.stream().allMatch(node -> node.connected() == 0));
            killed(1 + dice.nextInt(8));
            if (size.isLong()) killed(1 + dice.nextInt(8));
            for (var each : running) each.get();
            nodes.forEach(node -> node.door.start());
        });
        part(programs, 1, "healed, some killed", _ -> {
            killed(dice.nextInt(NODES));
            if (size.isLong()) killed(dice.nextInt(NODES));
        });
        double writing = (System.nanoTime() - began) / 1e9;
        report.add("written", "%,d events acknowledged in %.0f s (%.0f a second on all nine), %d never answered", said.written(), writing, said.written() / writing, said.unanswered());
        agree(nodes);
        double all = (System.nanoTime() - began) / 1e9;
        report.add("all nine logs and views equal", "%.0f s later: %.0f events a second in each node, from the first to the last", all - writing, said.written() / all);
    }

    private interface Meanwhile {
        void happens(List<Future<Void>> running) throws Exception;
    }

    private void part(Programs programs, double upTo, String what, Meanwhile meanwhile) throws Exception {
        long began = System.nanoTime();
        var running = programs.begin(upTo);
        meanwhile.happens(running);
        for (var each : running) each.get();
        report.add("a quarter written: " + what, "%.0f s", (System.nanoTime() - began) / 1e9);
    }

    private void chaos(List<Future<Void>> running) throws Exception {
        var doors = nodes.stream().map(node -> node.door).toList();
        do {
            Chaos.play(Chaos.draw(dice, doors.size(), Duration.ofSeconds(10)), doors);
        } while (running.stream().anyMatch(each -> !each.isDone()));
    }

    private void killed(int which) throws Exception {
        var node = nodes.get(which);
        node.kill();
        node.begin().awaitUp();
    }

    private static void agree(List<HiveNode> among) throws Exception {
        NodeProcess.await("all logs are equal and all views follow them", () -> {
            var spaces = among.stream().map(HiveNode::space).toList();
            return spaces.stream().map(space -> space.text("fingerprint")).distinct().count() == 1 && spaces.stream().allMatch(space -> space.text("state").startsWith("shows all"));
        });
    }

    // afterwards

    private void allIsThere() {
        var digests = Shown.digests(nodes.getFirst());
        digests.forEach((what, digest) -> report.add("all nine: " + what, digest));
        for (var node : nodes) {
            assertThat(Shown.digests(node)).as(node.name).isEqualTo(digests);
            var space = node.space();
            for (var none : List.of("forks", "rejected", "void", "waiting", "held")) assertThat(space.integer(none)).as(node.name + " " + none).isZero();
            assertThat(node.get("/api/v1/hives/-").integer("quarantined")).isZero();
        }
        var shown = Shown.items(nodes.getFirst());
        var scores = said.scores();
        for (var item : said.items()) {
            var here = shown.get(item.id());
            assertThat(here).as("acknowledged, and lost: " + item + " (seed " + seed + ")").isNotNull();
            assertThat(here.getKey()).isEqualTo(item.text());
            assertThat(here.getValue()).as("the score of " + item).isEqualTo(scores.getOrDefault(item.id(), 0));
        }
        assertThat((long) shown.size()).as("nothing but what was written").isLessThanOrEqualTo(said.items().size() + said.unanswered());
    }

    private void removedWhileCutOff() throws Exception {
        var removed = nodes.getLast();
        var others = nodes.subList(0, NODES - 1);
        var before = Shown.digests(nodes.getFirst());
        nodes.forEach(node -> node.door.stop());
        NodeProcess.await("nobody is connected to anybody", () -> nodes.stream().allMatch(node -> node.connected() == 0));
        nodes.getFirst().process.ask("member", "remove", removed.id());
        var agent = removed.name + "p0";
        long known = removed.space().integer("log_offset");
        for (int i = 0; i < POSTS_OF_REMOVED; i++) {
            var post = removed.process.rest("POST", "/api/v1/hives/-/posts", Json.object("title", "by who was removed " + i, "agent", agent)).ok().text("id");
            removed.process.rest("POST", "/api/v1/posts/" + post + "/vote", Json.object("value", 1, "agent", agent)).ok();
            var target = said.aPost(dice);
            removed.process.rest("POST", target.path() + "/vote", Json.object("value", i % 2 == 0 ? -1 : 1, "agent", agent)).ok();
            removed.process.rest("POST", "/api/v1/posts/" + target.id() + "/comments", Json.object("content", "vandalism " + i, "agent", agent)).ok();
        }
        long wrote = removed.space().integer("log_offset") - known;
        assertThat(wrote).as("a vote that says nothing new is no event").isGreaterThan(3L * POSTS_OF_REMOVED);
        nodes.forEach(node -> node.door.start());
        NodeProcess.await("what it wrote on is void everywhere", () -> others.stream().allMatch(node -> node.space().integer("void") == wrote));
        agree(others);
        for (var node : others) assertThat(Shown.digests(node)).as(node.name + " shows nothing of it").isEqualTo(before);
        NodeProcess.await("it is told", () -> removed.space().text("state").startsWith("removed"));
        report.add("a removed member wrote on", "%d events, void on all others", wrote);
    }

    // the tenth

    private void tenth() throws Exception {
        var others = new ArrayList<>(nodes.subList(0, NODES - 1));
        var first = join("replayed", others);
        double replay = first / 1e9;
        report.add("a tenth joins, event by event", "%.1f s until it shows what the others show", replay);
        long whole = log(nodes.getFirst());
        for (var node : others) {
            long began = System.nanoTime();
            NodeProcess.await("the checkpoint is here", () -> node.process.run("log", "compact", "--json").exit() == 0);
            report.add(node.name + " condenses its log", "%.1f s", (System.nanoTime() - began) / 1e9);
        }
        others.add(later.getLast());
        later.getLast().process.ask("log", "compact");
        nodes.getFirst().kill();
        nodes.getFirst().begin().awaitUp();
        long small = log(nodes.getFirst());
        double copied = copy(nodes.getFirst().spaceFolder().resolve("sync.sqlite"));
        double snapshot = join("from-checkpoint", others) / 1e9;
        report.add("an eleventh joins, from a checkpoint", "%.1f s until it shows what the others show: %.2f of event by event", snapshot, snapshot / replay);
        report.add("a copy of the log's bytes", "%.3f s; the log has %,d KiB, before it was condensed %,d KiB; joining took %.0f times as long", copied, small / 1024, whole / 1024,
            snapshot / copied);
        assertThat(small).isLessThan(whole);
    }

    /// @return nanoseconds from the ticket until all is shown
    private long join(String name, List<HiveNode> others) throws Exception {
        var node = new HiveNode(folder, name, size.isLong()).settings(true, exchangeMs).begin().awaitUp();
        later.add(node);
        var ticket = others.getFirst().process.ask("invite").text("ticket");
        long began = System.nanoTime();
        node.process.ask("hive", "join", ticket);
        report.add(name + ": `hive join`", "%.1f s", (System.nanoTime() - began) / 1e9);
        var all = new ArrayList<>(others);
        all.add(node);
        agree(all);
        long took = System.nanoTime() - began;
        assertThat(Shown.digests(node)).isEqualTo(Shown.digests(others.getFirst()));
        return took;
    }

    private static long log(HiveNode node) throws IOException {
        long bytes = 0;
        for (var suffix : List.of("", "-wal")) {
            var file = node.spaceFolder().resolve("sync.sqlite" + suffix);
            if (Files.exists(file)) bytes += Files.size(file);
        }
        return bytes;
    }

    /// @return seconds until a copy is on the disk
    private double copy(Path file) throws IOException {
        var copy = folder.resolve("copy");
        long began = System.nanoTime();
        Files.copy(file, copy);
        try (var channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return (System.nanoTime() - began) / 1e9;
    }
}
