package dev.waggle.sync.engine;

import dev.waggle.core.Property;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Chunk;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.SyncSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

import static org.assertj.core.api.Assertions.assertThat;

/// Nodes write while links are cut, dropped and swallowed and nodes crash; once all heals, every log is equal and nothing that was
/// acknowledged is missing. I7 is checked at each cursor that is saved ([SimNode.CheckedStore]), I6 at each frame.
class ConvergenceTest {
    private static final class Mesh {
        final RandomGenerator random;
        final SimNet net;
        final List<SimNode> nodes = new ArrayList<>();
        final List<EventId> acknowledged = new ArrayList<>();
        final SpaceId space;

        Mesh(RandomGenerator random, int count) {
            this.random = random;
            net = new SimNet(random);
            net.latencyMsMax = random.nextInt(1, 200);
            net.watchers.add((from, to, frame) -> {
                boolean content = frame instanceof Frame.Events events && !events.events().isEmpty() || frame instanceof Frame.Chunks;
                if (content) assertThat(from.log(space()).state().members()).as("I6: served to a member only").containsKey(to.id);
            });
            for (int i = 0; i < count; i++) {
                // Small batches, little credit and a small inbox: what only large logs meet otherwise.
                var node = new SimNode(net, SyncSettings.defaults().withBatches(random.nextInt(1, 5), random.nextInt(1, 40), 64 * 1024));
                node.inboxMax = random.nextInt(1, 40);
                node.bytesPerMs = random.nextInt(50, 5_000);
                node.workMsMax = random.nextInt(1, 50);
                node.clockOffsetMs = random.nextInt(-60_000, 60_000);
                nodes.add(node.start());
            }
            space = nodes.getFirst().create("mesh").space();
            for (var node : nodes.subList(1, count)) {
                var ticket = nodes.getFirst().ticket(nodes.getFirst().log(space), 3_600_000, Optional.of(node.id));
                patiently(node, () -> node.join(ticket));
                net.run(random.nextInt(3_000));
            }
            for (var node : nodes)
                for (var other : nodes)
                    if (node != other && random.nextBoolean())
                        patiently(node, () -> node.sync.addPeer(other.id, "", List.of(other.address)));
            net.run(60_000);
        }

        private SpaceId space() {
            return space;
        }

        /// A full inbox is an answer: ask again.
        private void patiently(SimNode node, Runnable command) {
            for (int i = 0; i < 100; i++) {
                try {
                    command.run();
                    node.turn();
                    return;
                } catch (SyncFull _) {
                    node.turn();
                }
            }
            throw new AssertionError("full for ever");
        }

        SimNode any() {
            return nodes.get(random.nextInt(nodes.size()));
        }

        void happen() {
            var node = any();
            var other = any();
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> write(node);
                case 4 -> {
                    if (node.up && node.log(space) != null && mayWrite(node))
                        acknowledged.add(node.writeWithChunks(space, List.of(Chunk.of(node.bytes(random.nextInt(1, 200_000))))));
                }
                case 5 -> {
                    if (node != other) net.cut(node, other);
                }
                case 6 -> {
                    if (node != other) net.drop(node, other);
                }
                case 7 -> {
                    if (node != other) net.swallow(node, other);
                }
                case 8 -> net.heal();
                case 9 -> node.crash();
                case 10 -> nodes.stream().filter(each -> !each.up).forEach(SimNode::start);
                default -> { }
            }
            net.run(random.nextInt(random.nextInt(10) == 0 ? 120_000 : 2_000));
        }

        private boolean mayWrite(SimNode node) {
            return node.log(space).state().members().containsKey(node.id);
        }

        void write(SimNode node) {
            if (node.up && node.log(space) != null && mayWrite(node)) acknowledged.addAll(node.write(space, random.nextInt(1, 60)));
        }

        void settle() {
            net.heal();
            for (var node : nodes) if (!node.up) node.start();
            net.run(900_000);
        }
    }

    @Tag("N01") @Tag("N02") @Tag("N03") @Test void nodes_agree_after_every_link_heals() {
        Property.check(25, random -> {
            var mesh = new Mesh(random, random.nextInt(2, 7));
            for (int i = random.nextInt(5, 40); i > 0; i--) mesh.happen();
            mesh.write(mesh.nodes.getFirst());
            mesh.settle();
            var first = mesh.nodes.getFirst().log(mesh.space);
            for (var node : mesh.nodes) {
                assertThat(node.bugs).isEmpty();
                assertThat(node.log(mesh.space)).as("%s is in", node).isNotNull();
                assertThat(node.log(mesh.space).state().fingerprint()).as("%s", node).isEqualTo(first.state().fingerprint());
                // I1: acknowledged means there; I3: once.
                for (var event : mesh.acknowledged) assertThat(node.log(mesh.space).find(event)).isPresent();
                assertThat(node.log(mesh.space).counts().accepted()).isEqualTo(mesh.acknowledged.size() + mesh.nodes.size());
                assertThat(node.log(mesh.space).counts().rejected()).isZero();
                // I9: nothing piles up.
                assertThat(mesh.net.connections()).isLessThanOrEqualTo(mesh.nodes.size() * (mesh.nodes.size() - 1) / 2);
            }
            for (var node : mesh.nodes) {
                var status = node.status().space(mesh.space).orElseThrow();
                assertThat(status.agreeing()).as("%s agrees", node).isEqualTo(status.reachable()).isPositive();
            }
        });
    }

    @Test void equal_seeds_give_equal_histories() {
        var traces = new ArrayList<List<String>>();
        for (int run = 0; run < 2; run++) {
            var trace = new ArrayList<String>();
            var mesh = new Mesh(Property.random(7), 4);
            mesh.net.watchers.add((from, to, frame) -> trace.add(mesh.net.nowMs() + " " + from + " " + to + " " + frame.getClass().getSimpleName()));
            for (int i = 0; i < 15; i++) mesh.happen();
            mesh.settle();
            traces.add(trace);
        }
        assertThat(traces.get(0)).isEqualTo(traces.get(1)).isNotEmpty();
    }
}
