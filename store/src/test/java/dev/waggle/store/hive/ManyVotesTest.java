package dev.waggle.store.hive;

import dev.waggle.apps.hive.Actor;
import dev.waggle.apps.hive.HiveCommand;
import dev.waggle.apps.hive.Target;
import dev.waggle.core.log.Draft;
import dev.waggle.core.event.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/// A post on which everybody votes. `-Dvotes=200000` for a large one.
@Timeout(600)
class ManyVotesTest {
    private static final int VOTES = Integer.getInteger("votes", 10_000);
    @TempDir Path folder;

    @Test void one_more_vote_reads_a_bucket_and_not_all_votes() {
        try (var a = TestHive.create(folder, "anna")) {
            var post = Target.post(a.id("p"));
            a.does("alice", new HiveCommand.Post(post.id(), "Vote!", Optional.empty(), Optional.empty(), OptionalLong.empty()));
            for (int from = 0; from < VOTES; from += 500)
                a.log.write(a.author, IntStream.range(from, Math.min(VOTES, from + 500)).mapToObj(i -> vote(a, post, i)).toList(), java.util.List.of(), java.util.Map.of(), a.nowMs);
            a.follow();
            try (var queries = new HiveQueries(a.file)) {
                assertThat(queries.post(post.id()).orElseThrow().totals().score()).isEqualTo(IntStream.range(0, VOTES).map(i -> i % 3 == 0 ? -1 : 1).sum());
            }
            var plan = a.plan("SELECT coalesce(sum(value > 0), 0), coalesce(sum(value < 0), 0) FROM vote WHERE target = ? AND bucket = ?");
            assertThat(plan).contains("target=? AND bucket=?");
            var voter = new Actor(a.node(), "late");
            long before = System.nanoTime();
            int more = 200;
            for (int i = 0; i < more; i++) a.write(new Draft("vote_cast", Json.object("target_type", "post", "target_id", post.id(), "voter",
                Json.object("instance_id", voter.instance().hex(), "agent_id", voter.agent() + i), "value", 1)));
            System.out.println("votes " + VOTES + ": one more takes " + (System.nanoTime() - before) / more / 1_000 + " us");
            try (var queries = new HiveQueries(a.file)) {
                assertThat(queries.post(post.id()).orElseThrow().totals().up()).isEqualTo(IntStream.range(0, VOTES).filter(i -> i % 3 != 0).count() + more);
            }
        }
    }

    private static Draft vote(TestHive hive, Target post, int voter) {
        return new Draft("vote_cast", Json.object("target_type", "post", "target_id", post.id(), "voter", Json.object("instance_id", hive.node().hex(), "agent_id", "voter" + voter),
            "value", voter % 3 == 0 ? -1 : 1));
    }
}
