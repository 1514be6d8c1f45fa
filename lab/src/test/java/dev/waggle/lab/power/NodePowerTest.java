package dev.waggle.lab.power;

import dev.waggle.core.Property;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Entry;
import dev.waggle.lab.process.NodeProcess;
import dev.waggle.lab.process.Notes;
import dev.waggle.store.sql.SqlEventLog;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// S02 with a whole node: the power under its data and state folders goes while programs write here and at a peer. No event that it showed to anybody was
/// without its fsync; the node starts on what the disk kept, goes on, loses nothing, and writes no place of its chain twice. (The tracked file is outside: it
/// belongs to its programs.)
///
/// `-Dcuts=500` cuts oftener, `-Dseed=…` draws other moments.
@Timeout(3_600)
class NodePowerTest {
    private static final int CLAIMS_CHECKED = 12;            // of each life
    @TempDir Path folder;
    private Path root;

    @Tag("S02") @Test void a_node_whose_power_is_cut_showed_nobody_what_it_can_lose() throws Exception {
        folder = folder.toRealPath();
        var shim = Shim.compile(folder);
        assumeTrue(shim.isPresent(), "needs Linux and a C compiler (cc)");
        root = Files.createDirectory(folder.resolve("node"));
        var random = Property.random(Long.getLong("seed", 1));
        var here = Notes.create(folder.resolve("here.sqlite"));
        var there = new Notes(folder.resolve("there.sqlite"));
        var written = new ArrayList<String>();
        int claims = 0;
        try (var node = new NodeProcess(root.resolve("data"), root.resolve("state")); var peer = new NodeProcess(folder.resolve("peer"))) {
            peer.up();
            SpaceId space = null;
            for (int life = 0; life < Integer.getInteger("cuts", 3); life++) {
                var disk = Disk.holding(root);
                var ops = folder.resolve("ops-" + life);
                shim.get().environment(root, ops).forEach(node::environment);
                node.up();
                if (space == null) {
                    node.ask("track", here.file());
                    peer.ask("join", node.ask("invite").text("ticket"), there.file());
                    space = new SpaceId(node.ask("space", "show").text("id"));
                }
                write(random, life, here, there, written);
                node.kill();
                claims += replay(disk, WriteLog.read(ops), space, random);
                LogImage.delete(root);
                disk.writeTorn(root, random);
            }
            assertThat(claims).as("frames that showed events").isPositive();
            for (var name : List.of("LD_PRELOAD", "WRITELOG_ROOT", "WRITELOG_FILE")) node.environment(name, null);
            node.up();
            NodeProcess.await("nothing is lost", () -> here.equals(there) && here.ids().containsAll(written));
            node.run("log", "verify").ok();
            peer.run("log", "verify").ok();
            assertThat(peer.ask("space", "show").integer("forks")).isZero();
        }
    }

    /// Ends when some of it has arrived, somewhere in the middle of the rest.
    private static void write(RandomGenerator random, int life, Notes here, Notes there, List<String> written) throws Exception {
        int writes = random.nextInt(10, 30);
        int awaited = random.nextInt(writes);
        for (int i = 0; i < writes; i++) {
            boolean near = random.nextBoolean();
            var id = (near ? "here " : "there ") + life + " " + i;
            (near ? here : there).add(id);
            written.add(id);
            if (i == awaited) NodeProcess.await("it arrives", () -> (near ? there : here).has(id));
        }
    }

    /// Plays a life to its end, and looks at some moments whether all that was shown then is durable.
    ///
    /// @return how many frames showed events
    private int replay(Disk disk, WriteLog log, SpaceId space, RandomGenerator random) throws Exception {
        var claims = Claims.of(log.ops());
        var image = folder.resolve("image");
        var shown = new HashSet<EventId>();
        int next = 0;
        for (int i = 0; i < log.ops().size(); i++) {
            boolean any = false;
            for (; next < claims.size() && claims.get(next).operation() == i; next++) any |= shown.addAll(claims.get(next).events());
            if (any && random.nextInt(claims.size()) < CLAIMS_CHECKED) {
                disk.write(image);
                check(image.resolve("data").resolve("spaces").resolve(space.hex()).resolve("sync.sqlite"), space, shown, i);
                LogImage.delete(image);
            }
            disk.apply(log.ops().get(i));
        }
        return claims.size();
    }

    private static void check(Path file, SpaceId space, Set<EventId> shown, int operation) throws Exception {
        LogImage.integrity(file);
        var here = new HashSet<EventId>();
        try (var log = SqlEventLog.open(file, space, new Ed25519(), () -> new Epoch("22".repeat(16)))) {
            for (var page = log.read(0, 1_000, 1 << 22); !page.isEmpty(); page = log.read(page.getLast().offset(), 1_000, 1 << 22))
                for (var entry : page) if (entry instanceof Entry.Admitted admitted) here.add(admitted.event().id());
        }
        assertThat(here).as("shown before operation " + operation + ", and not fsynced").containsAll(shown);
    }
}
