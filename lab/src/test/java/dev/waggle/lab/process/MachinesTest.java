package dev.waggle.lab.process;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Three nodes on three machines with kernels' own networks between them, over TLS because none of it is loopback: pulled cables, packets lost in one
/// direction only, a changed address. When it is over, all files are equal.
@Timeout(400)
class MachinesTest {
    @TempDir Path folder;
    private Machines machines;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<Notes> notes = new ArrayList<>();

    @BeforeEach void three_machines_are_in_sync() throws Exception {
        machines = Machines.start(3);
        assumeTrue(machines != null, "needs root, iproute2 and network namespaces");
        notes.add(Notes.create(folder.resolve("m1.sqlite")));
        for (int i = 1; i <= 3; i++) {
            var node = new NodeProcess(folder.resolve("m" + i)).by(machines.on(i));
            nodes.add(node);
            if (i > 1) notes.add(new Notes(folder.resolve("m" + i + ".sqlite")));
            node.begin("--listen", "0.0.0.0:7117");
        }
        for (var node : nodes) node.awaitUp();
        nodes.getFirst().execute("track", notes.getFirst().file()).ok();
        for (int i = 1; i < 3; i++) {
            var invited = nodes.getFirst().execute("invite", "--json").ok().json();
            assertThat(invited.array("addresses").getFirst().asText()).isEqualTo(Machines.address(1) + ":7117");
            nodes.get(i).execute("join", invited.text("ticket"), notes.get(i).file()).ok();
        }
    }

    @AfterEach void stop() throws Exception {
        for (var node : nodes) node.close();
        if (machines != null) machines.close();
    }

    @Tag("N02") @Tag("N10") @Tag("N16") @Test void partitions_one_way_losses_and_a_changed_address_lose_nothing() throws Exception {
        write("before");
        all("in sync", "before");

        machines.plug(3, false);
        write("apart");
        NodeProcess.await("the two that still see one another agree", () -> notes.get(0).has(each("apart", 1, 2)) && notes.get(1).has(each("apart", 1, 2)));
        assertThat(notes.get(2).ids()).as("no cable, no news").doesNotContain(each("apart", 1, 2));
        assertThat(notes.get(0).ids()).doesNotContain(each("apart", 3));
        machines.plug(3, true);
        all("together again", "apart");

        boolean lossy = machines.lose(2, 1, 1);
        if (lossy) {
            write("one way");
            NodeProcess.await("who is heard by all is heard", () -> notes.get(2).has(each("one way", 1)));
            assertThat(notes.get(0).ids()).doesNotContain(each("one way", 2));
            assertThat(machines.heal(1)).as("lost packets").isPositive();
            all("heard again", "one way");

            machines.lose(1, 3, 3);
            write("lossy");
            all("TCP repeats what is lost", "lossy");
            assertThat(machines.heal(3)).as("lost packets").isPositive();
        }

        machines.move(2, 22);
        write("moved");
        // Whoever keeps the old connection notices by its silence: three heartbeats of 30 s.
        all("found again", Duration.ofSeconds(200), "moved");
        for (var node : nodes) node.execute("log", "verify").ok();
        assumeTrue(lossy, "needs nftables: only cables and addresses were tried");
    }

    private void write(String what) throws Exception {
        for (int i = 1; i <= 3; i++) notes.get(i - 1).add(what + " " + i);
    }

    private void all(String why, String what) throws Exception {
        all(why, Duration.ofSeconds(60), what);
    }

    private void all(String why, Duration within, String what) throws Exception {
        NodeProcess.await(why, within, () -> notes.stream().allMatch(each -> each.has(each(what, 1, 2, 3)) && each.equals(notes.getFirst())));
    }

    private static String[] each(String what, int... machines) {
        var ids = new String[machines.length];
        for (int i = 0; i < ids.length; i++) ids[i] = what + " " + machines[i];
        return ids;
    }
}
