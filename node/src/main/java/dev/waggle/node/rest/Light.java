package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.Node;
import dev.waggle.node.Plural;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.store.capture.FollowStatus;
import dev.waggle.sync.protocol.SyncStatus;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One light for people, and why it has its colour. It never says more than is known: green is agreement with every member that can be reached.
///
/// @param says  one or two sentences, what is the case and what becomes of it
/// @param help  the button that helps
/// @param space the id of the space that it is about; empty for the whole node
record Light(Color color, String says, Help help, String space) {
    enum Color {
        GREEN,
        /// Working, or waiting for others or for a person.
        YELLOW,
        /// Stuck.
        RED
    }

    enum Help {
        NONE,
        /// Lead to track, join or create.
        START,
        /// Exchange with every peer now.
        SYNC,
        /// Look at the space and its members.
        SPACE,
        /// Check the node from the disk up.
        CHECK
    }

    /// How one space stands.
    ///
    /// @param removed   a peer said that this node is no member any more
    /// @param member    this node has a role in it
    /// @param toDo      rows and entries that have not passed between file and log yet
    /// @param waiting   events that wait for others, or for their time
    /// @param others    members besides this node
    /// @param reachable connected peers that share it
    /// @param agreeing  how many of them have the same events
    /// @param elsewhere members that are connected to another process of this hub, which writes the same log
    record Standing(String id, String name, boolean removed, boolean member, long toDo, long waiting, int others, int reachable, int agreeing, int elsewhere) {
        static Standing of(Node node, SpaceRuntime space, SyncStatus sync) {
            var log = space.log().state();
            var shared = sync.space(space.id());
            var member = space.role().isPresent();
            return new Standing(space.id().hex(), space.name(), node.peers().removedFrom(space.id()).isPresent(), member, toDo(space),
                space.log().counts().waiting() + space.log().counts().held(), log.members().size() - (member ? 1 : 0),
                shared.map(SyncStatus.SpaceStatus::reachable).orElse(0), shared.map(SyncStatus.SpaceStatus::agreeing).orElse(0),
                (int) node.logs().lastElsewhere().stream().filter(log.members()::containsKey).count());
        }

        private static long toDo(SpaceRuntime space) {
            if (space.view().isPresent()) return Math.max(0, space.log().state().lastOffset() - space.view().get().status().folded());
            if (space.follower().isEmpty()) return 0;
            FollowStatus file = space.follower().get().status();
            return file.queueDepth() + Math.max(0, file.logOffset() - file.appliedOffset());
        }
    }

    static Light of(Node node) {
        var sync = node.peers().status();
        return of(node.reasons(), node.spaces().stream().map(space -> Standing.of(node, space, sync)).toList());
    }

    /// @param reasons why the node is not ready
    static Light of(List<String> reasons, List<Standing> spaces) {
        if (!reasons.isEmpty())
            return new Light(Color.RED, sentence(reasons.getFirst()) + (reasons.size() == 1 ? "" : " And " + (reasons.size() - 1) + " more."), Help.CHECK, "");
        if (spaces.isEmpty()) return new Light(Color.YELLOW, "This node shares nothing yet.", Help.START, "");
        return spaces.stream().map(Light::trouble).flatMap(Optional::stream).findFirst().orElseGet(() -> agreed(spaces));
    }

    private static Optional<Light> trouble(Standing space) {
        var name = "“" + space.name() + "”";
        if (space.removed()) return yellow(space, "This node was removed from " + name + ". What is written here stays here and has no effect on the others.", Help.SPACE);
        if (!space.member()) return yellow(space, "Waiting to be a member of " + name + ".", Help.SYNC);
        if (space.toDo() > 0) return yellow(space, "Working on " + name + ": " + space.toDo() + (space.toDo() == 1 ? " change is" : " changes are") + " on the way between file and log.", Help.NONE);
        if (space.waiting() > 0) return yellow(space, Plural.of(space.waiting(), "event") + " of " + name
            + " cannot be used yet: " + (space.waiting() == 1 ? "it waits for others that have not come, or for its time." : "they wait for others that have not come, or for their time."), Help.SYNC);
        if (space.others() > 0 && space.reachable() == 0 && space.elsewhere() == 0)
            return yellow(space, "No other member of " + name + " can be reached. What is written here is kept and goes out as soon as one is there.", Help.SYNC);
        if (space.reachable() > space.agreeing()) return yellow(space, "Exchanging " + name + " with " + (space.reachable() - space.agreeing())
            + (space.reachable() - space.agreeing() == 1 ? " member." : " members."), Help.NONE);
        return Optional.empty();
    }

    private static Optional<Light> yellow(Standing space, String says, Help help) {
        return Optional.of(new Light(Color.YELLOW, says, help, space.id()));
    }

    /// What SQLite and the system say does not end with a full stop.
    private static String sentence(String reason) {
        return reason.endsWith(".") ? reason : reason + ".";
    }

    private static Light agreed(List<Standing> spaces) {
        if (spaces.stream().allMatch(space -> space.others() == 0)) return new Light(Color.GREEN, "All is written down. Nobody else is a member yet: invite somebody.", Help.NONE, "");
        if (spaces.stream().anyMatch(space -> space.reachable() == 0 && space.elsewhere() > 0))
            return new Light(Color.GREEN, "In sync with every member that this process can reach. Others are connected to another process of this hub, which writes the same log.", Help.NONE, "");
        boolean all = spaces.stream().allMatch(space -> space.agreeing() >= space.others());
        return new Light(Color.GREEN, all ? "In sync with every member." : "In sync with every member that can be reached. The others catch up when they are back.", Help.NONE, "");
    }

    Json.Obj json() {
        return Json.object("color", color.name().toLowerCase(Locale.ROOT), "says", says, "help", help.name().toLowerCase(Locale.ROOT), "space", space);
    }
}
