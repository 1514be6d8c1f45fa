package dev.waggle.store.hive;

import dev.waggle.apps.hive.HiveCommand;
import dev.waggle.apps.hive.Target;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Role;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// People, moderators and liars on three nodes that hear of each other now and then: whatever the order, all nodes show the same (I2), a replay shows
/// the same (I8), and a second implementation of the rules agrees.
class HiveConvergenceTest {
    private static final int RUNS = Integer.getInteger("runs", 25);
    private static final List<String> AGENTS = List.of("ann", "ben", "cleo", "mod");
    @TempDir Path folder;

    @Tag("T07") @Tag("T08") @Tag("T12") @Test void every_node_shows_the_same_whatever_the_order() throws IOException {
        for (long seed = Long.getLong("seed", 1), last = System.getProperty("seed") == null ? RUNS : seed; seed <= last; seed++) {
            try {
                run(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("replay with -Dseed=" + seed, e);
            }
        }
    }

    private void run(long seed) throws IOException {
        var random = new Random(seed);
        var home = Files.createDirectories(folder.resolve("s" + seed));
        var open = new ArrayList<TestHive>();
        try {
            var a = TestHive.create(home, "anna");
            open.add(a);
            open.add(a.invite(home, "bert", Role.MODERATOR));
            open.add(a.invite(home, "cora", Role.WRITER));
            var ranks = Map.of(a.node().hex(), 2, open.get(1).node().hex(), 1);
            a.operates("ann", new HiveCommand.Moderator(open.get(2).agent("mod"), true));
            for (int step = 0; step < 60; step++) act(random, open, step);
            for (var node : open) node.nowMs = TestHive.NOW + 100_000_000;         // late enough for every stamp
            for (int round = 0; round < 3; round++) for (var to : open) for (var from : open) if (to != from) to.take(from);

            var expected = a.rows();
            var oracle = new HiveOracle(a.log, ranks).lines();
            assertThat(HiveOracle.shown(a)).isEqualTo(oracle);
            for (var node : open) assertThat(node.rows()).as(node.name).isEqualTo(expected);
            var late = a.copyOf(home, "late");
            open.add(late);
            late.nowMs = a.nowMs;
            var events = new ArrayList<>(a.events());
            Collections.shuffle(events, random);
            for (int i = 0; i < events.size(); ) {                        // and in pieces of any size
                int end = Math.min(events.size(), i + 1 + random.nextInt(20));
                late.take(events.subList(i, end));
                i = end;
            }
            late.take(a);                                                 // unsigned events inside runs count only beside their signature
            assertThat(late.log.state().fingerprint()).isEqualTo(a.log.state().fingerprint());
            assertThat(late.rows()).as("another order").isEqualTo(expected);
            a.close();
            for (var suffix : List.of("", "-wal", "-shm")) Files.deleteIfExists(Path.of(a.file + suffix));
            a.open();
            a.follow();
            assertThat(a.rows()).as("replayed").isEqualTo(expected);
        } finally {
            open.forEach(TestHive::close);
        }
    }

    private void act(Random random, List<TestHive> nodes, int step) {
        var node = nodes.get(random.nextInt(nodes.size()));
        if (random.nextInt(4) == 0) {
            node.take(nodes.get(random.nextInt(nodes.size())));
            return;
        }
        if (random.nextInt(12) == 0) node.nowMs += random.nextInt(3) * 400_000;          // a clock that is wrong for a while
        else if (random.nextInt(4) == 0) node.nowMs = TestHive.NOW + step * 10L;
        var agent = AGENTS.get(random.nextInt(AGENTS.size()));
        var other = nodes.get(random.nextInt(nodes.size())).agent(AGENTS.get(random.nextInt(AGENTS.size())));
        var posts = ids(nodes, "p", 4);
        var comments = ids(nodes, "c", 6);
        var target = random.nextBoolean() ? Target.post(pick(random, posts)) : Target.comment(pick(random, comments));
        switch (random.nextInt(14)) {
            case 0, 1 -> node.tries(agent, new HiveCommand.Post(node.id("p" + random.nextInt(4)), "title" + step, Optional.of("text" + step), Optional.empty(), OptionalLong.empty()));
            case 2, 3, 4 -> node.tries(agent, new HiveCommand.Comment(node.id("c" + random.nextInt(6)), pick(random, posts),
                random.nextBoolean() ? Optional.empty() : Optional.of(pick(random, comments)), "say" + step, OptionalLong.empty()));
            case 5 -> node.tries(agent, new HiveCommand.Edit(target, target.kind() == Target.Kind.POST && random.nextBoolean() ? Optional.of("edited" + step) : Optional.empty(),
                Optional.of("more" + step), Optional.empty()), random.nextBoolean());
            case 6 -> node.tries(agent, new HiveCommand.Delete(target, Optional.empty()), random.nextBoolean());
            case 7 -> node.tries(agent, new HiveCommand.Restore(target), random.nextBoolean());
            case 8, 9 -> node.tries(agent, new HiveCommand.Vote(target, random.nextInt(3) - 1, node.agent("alias").actor()));
            case 10 -> node.tries(agent, new HiveCommand.Set("description", Json.of("hive" + step)), random.nextBoolean());
            case 11 -> node.tries(agent, new HiveCommand.Ban(other, random.nextBoolean()), random.nextBoolean());
            case 12 -> node.tries(agent, new HiveCommand.Moderator(other, random.nextBoolean()), true);
            default -> lie(random, node, agent, target, other.actor().instance().hex(), other.actor().agent());
        }
    }

    /// Events that no honest node would write: without the right, without bases, about what is not there.
    private static void lie(Random random, TestHive node, String agent, Target target, String instance, String other) {
        var kind = target.kind().wire();
        var me = Json.object("instance_id", node.node().hex(), "agent_id", agent, "name", agent, "avatar_url", Json.NULL);
        var you = Json.object("instance_id", instance, "agent_id", other, "name", other);
        var known = node.events();
        var bases = Json.array(random.ints(random.nextInt(3), 0, known.size()).mapToObj(i -> Json.of(known.get(i).id().hex())).toList());
        node.write(switch (random.nextInt(6)) {
            case 0 -> new Draft(kind + "_deleted", Json.object(kind + "_id", target.id(), "deleted_by", me, "ids", bases));
            case 1 -> new Draft(kind + "_restored", Json.object(kind + "_id", target.id(), "restored_by", me, "ids", bases));
            case 2 -> new Draft(kind + "_updated", Json.object(kind + "_id", target.id(), "content", "lie", "updated_by", me, "ids", bases));
            case 3 -> new Draft("membership_changed", Json.object("agent", you, "action", random.nextBoolean() ? "ban" : "unban", "by", me, "ids", bases));
            case 4 -> new Draft("moderator_changed", Json.object("agent", you, "action", random.nextBoolean() ? "add" : "remove", "by", me, "ids", bases));
            default -> new Draft("comment_created", Json.object("comment_id", node.id("c" + random.nextInt(6)), "post_id", target.id(),
                "parent_comment_id", random.nextBoolean() ? Json.of(node.id("c" + random.nextInt(6))) : Json.NULL, "content", "lie", "author", me));
        });
    }

    private static List<String> ids(List<TestHive> nodes, String kind, int count) {
        var ids = new ArrayList<String>();
        for (var node : nodes) for (int i = 0; i < count; i++) ids.add(node.id(kind + i));
        return ids;
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
