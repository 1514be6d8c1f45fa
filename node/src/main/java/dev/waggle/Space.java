package dev.waggle;

import dev.waggle.core.log.Role;
import dev.waggle.node.Node;
import dev.waggle.node.SpaceMembers;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.capture.TableFollower;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// What is shared as a whole: a log, its members, and the file it fills here.
public final class Space {
    private final Node node;
    private final SpaceRuntime runtime;

    Space(Node node, SpaceRuntime runtime) {
        this.node = node;
        this.runtime = runtime;
    }

    /// 64 hexadecimal digits, the same on every node.
    public String id() {
        return runtime.id().hex();
    }

    /// What this node calls it.
    public String name() {
        return runtime.name();
    }

    public Optional<Path> file() {
        return runtime.file();
    }

    /// A ticket with which one other node may write here, good once and for 15 minutes.
    public Ticket invite(String... addresses) {
        return invite(Role.WRITER, Duration.ofMinutes(15), addresses);
    }

    /// @param addresses `host:port` where the other node reaches this one; none for the listening address
    public Ticket invite(Role role, Duration expires, String... addresses) {
        return Waggle.said(() -> new Ticket(node.invite(runtime, List.of(addresses), role, expires).ticket().text()));
    }

    /// A table of the space's file.
    public Collection collection(String table) {
        return new Collection(runtime.file().orElseThrow(() ->
            new Problem(ErrorCode.NOT_FOUND, "No file follows \"" + name() + "\" here.", "Join it into a file first.")), table);
    }

    /// Takes what programs wrote into the log, and what the log says into the file. Returns when nothing is left to do.
    public void flush() {
        Waggle.said(() -> {
            runtime.follower().ifPresent(TableFollower::syncNow);
            return null;
        });
    }

    public CompletableFuture<Void> flushAsync() {
        return Waggle.later(() -> {
            flush();
            return null;
        });
    }

    /// How many conflicts wait for a person.
    public int conflicts() {
        return runtime.follower().map(follower -> follower.conflicts().size()).orElse(0);
    }

    /// The members and their roles, the owner first.
    public List<Member> members() {
        return runtime.members().list().stream().map(each -> new Member(each.node().hex(), each.role(), each.self())).toList();
    }

    /// @param node 64 hexadecimal digits
    /// @param self this node
    public record Member(String node, Role role, boolean self) {}

    /// Adds a member by its node id, without a ticket.
    public void addMember(String node, Role role) {
        Waggle.said(() -> runtime.members().add(SpaceMembers.whole(node), role, this.node.nowMs()));
    }

    /// Removes a member: what it wrote and is known here counts on, what comes to light later has no effect.
    ///
    /// @param member the beginning of its node id
    public void removeMember(String member) {
        Waggle.said(() -> runtime.members().remove(runtime.members().find(member), Long.MAX_VALUE, node.nowMs()));
    }

    /// Removes a member and voids what its clock stamped at `since` or later.
    public void removeMember(String member, Instant since) {
        Waggle.said(() -> runtime.members().remove(runtime.members().find(member), since.toEpochMilli(), node.nowMs()));
    }

    /// How many events [#removeMember(String, Instant)] would void.
    public long eventsVoidedBy(String member, Instant since) {
        return Waggle.said(() -> runtime.members().preview(runtime.members().find(member), since.toEpochMilli())).events();
    }

    public void changeRole(String member, Role role) {
        Waggle.said(() -> runtime.members().role(runtime.members().find(member), role, node.nowMs()));
    }

    /// Makes a member the owner; this node, the owner so far, is a moderator then.
    public void transferOwnership(String member) {
        Waggle.said(() -> runtime.members().transfer(runtime.members().find(member), node.nowMs()));
    }

    /// Takes over from an owner of whom nothing was seen for the space's waiting time.
    public void claimOwnership() {
        Waggle.said(() -> runtime.members().claim(node.nowMs()));
    }

    /// Gives a member's place to another key.
    public void replaceKey(String member, String newNode) {
        Waggle.said(() -> runtime.members().rotate(runtime.members().find(member), SpaceMembers.whole(newNode), node.nowMs()));
    }

    /// Lets what a removal voided of a member's events, as far as it is known here, count again.
    public void readmit(String member) {
        Waggle.said(() -> runtime.members().readmit(runtime.members().find(member), node.nowMs()));
    }

    /// Leaves the space; the file keeps its rows.
    public void leave() {
        Waggle.said(() -> node.leave(runtime));
    }
}
