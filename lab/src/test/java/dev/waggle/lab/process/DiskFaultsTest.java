package dev.waggle.lab.process;

import dev.waggle.core.event.Json;
import dev.waggle.lab.process.FaultyCalls.Call;
import dev.waggle.lab.process.FaultyCalls.Problem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// S04 and S05: the disk under a node refuses to fsync or to write, or is full, again and again. What was acknowledged is stored, nobody's write is lost,
/// no place of a chain is written twice, and the same process goes on by itself when the disk does.
@Timeout(240)
class DiskFaultsTest {
    @TempDir Path folder;

    @Tag("S04") @Test void a_node_whose_fsync_fails_acknowledges_nothing_and_goes_on_by_itself() throws Exception {
        survives(Call.FSYNC, Problem.EIO, 1);
    }

    @Tag("S05") @Test void a_node_whose_writes_fail_loses_nothing_and_goes_on_by_itself() throws Exception {
        survives(Call.PWRITE, Problem.EIO, 0.8);
    }

    @Tag("S05") @Test void a_node_whose_writes_find_no_space_loses_nothing_and_goes_on_by_itself() throws Exception {
        survives(Call.PWRITE, Problem.ENOSPC, 1);
    }

    private void survives(Call call, Problem problem, double probability) throws Exception {
        var here = Notes.create(folder.resolve("here.sqlite"));
        var there = new Notes(folder.resolve("there.sqlite"));
        here.add("first");
        try (var faulty = new NodeProcess(folder.resolve("faulty")); var peer = new NodeProcess(folder.resolve("peer"))) {
            var calls = FaultyCalls.prepare(faulty, folder);
            assumeTrue(calls.isPresent(), "needs libfiu (apt-get install fiu-utils)");
            calls.get().up();
            peer.up();
            faulty.ask("track", here.file());
            peer.ask("join", faulty.ask("invite").text("ticket"), there.file());
            for (int round = 0; round < 2; round++) {
                calls.get().fail(call, problem, probability);
                for (int i = 0; i < 10; i++) {
                    here.add("here " + round + " " + i, "x".repeat(100 * i));
                    there.add("there " + round + " " + i, "y".repeat(100 * i));
                }
                NodeProcess.await("the trouble is named", () -> !state(faulty).equals("in sync"));
                assertThat(state(faulty)).doesNotContain("bug");
                assertThat(faulty.alive()).isTrue();
                if (round == 1) {
                    faulty.kill();                               // in the middle of its trouble: what it had acknowledged must be on the disk
                    calls.get().leave();
                    faulty.up();
                }
                else calls.get().heal(call);
                NodeProcess.await("it goes on by itself", () -> here.equals(there) && state(faulty).equals("in sync"));
                assertThat(here.ids()).hasSize(1 + 20 * (round + 1));
            }
            faulty.run("log", "verify").ok();
            peer.run("log", "verify").ok();
            assertThat(peer.ask("space", "show").integer("forks")).isZero();
        }
    }

    private static String state(NodeProcess node) {
        return node.status().array("spaces").getFirst().asObject().text("state");
    }

    @Tag("S05") @Test void a_disk_that_fills_up_again_and_again_stops_nothing_for_good() throws Exception {
        int cycles = Integer.getInteger("cycles", 3);
        try (var disk = SmallDisk.mount(folder.resolve("disk"), 8); var peer = new NodeProcess(folder.resolve("peer"))) {
            assumeTrue(disk.isMounted(), "needs the right to mount a tmpfs");
            var here = Notes.create(folder.resolve("here.sqlite"));
            var there = new Notes(folder.resolve("there.sqlite"));
            try (var full = new NodeProcess(disk.path().resolve("data"), folder.resolve("state"))) {
                full.up();
                peer.up();
                full.ask("track", here.file());
                peer.ask("join", full.ask("invite").text("ticket"), there.file());
                for (int cycle = 0; cycle < cycles; cycle++) {
                    var ballast = disk.fill();
                    for (int i = 0; i < 6; i++) {
                        here.add("here " + cycle + " " + i, "x".repeat(5_000));
                        there.add("there " + cycle + " " + i, "y".repeat(5_000));
                    }
                    NodeProcess.await("the full disk is named", () -> state(full).contains("full"));
                    Files.delete(ballast);
                    NodeProcess.await("it goes on by itself", () -> here.equals(there) && state(full).equals("in sync"));
                    assertThat(here.ids()).hasSize(12 * (cycle + 1));
                }
                full.run("log", "verify").ok();
                peer.run("log", "verify").ok();
            }
        }
    }

    @Tag("S05") @Tag("F06") @Test void a_hive_on_a_full_disk_is_in_error_and_goes_on_where_it_stopped_when_there_is_space() throws Exception {
        try (var disk = SmallDisk.mount(folder.resolve("data"), 8); var peer = new NodeProcess(folder.resolve("peer"))) {
            assumeTrue(disk.isMounted(), "needs the right to mount a tmpfs");
            try (var full = new NodeProcess(disk.path(), folder.resolve("state"))) {
                full.up();
                peer.up();
                peer.ask("hive", "create", "bees", "--as", "alice");
                full.ask("hive", "join", peer.ask("invite").text("ticket"));
                assertThat(group(full).text("status")).isEqualTo("active");
                var ballast = disk.fill();
                for (int i = 0; i < 20; i++) peer.ask("hive", "post", "while it is full " + i, "x".repeat(10_000), "--as", "alice");
                NodeProcess.await("the status is an error", () -> full.alive() ? group(full).text("status").equals("error") : fail(full.printed()));
                assertThat(group(full).text("last_error")).contains("full");
                NodeProcess.await("readiness, which is judged every few seconds, is red", () -> full.status().get("ready").filter(Json.FALSE::equals).isPresent());
                assertThat(full.alive()).isTrue();
                Files.delete(ballast);
                NodeProcess.await("it goes on by itself", () -> full.ask("hive", "feed", "--limit", "100").array("data").size() == 20);
                NodeProcess.await("and says so", () -> group(full).text("status").equals("active") && full.status().get("ready").filter(Json.TRUE::equals).isPresent());
                full.run("log", "verify").ok();
            }
        }
    }

    private static Json.Obj group(NodeProcess node) {
        try {
            return node.rest("GET", "/api/v1/sync/groups", null).ok().array("groups").getFirst().asObject();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
