package dev.waggle.apps.board;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Role;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Decides what becomes of a command: events, or a refusal. Nothing is changed here; equal rows and commands give equal decisions.
///
/// A node that decided wrongly harms nobody: every node judges the events again, by [Claims] and [Resolution]. What a worker reports is always written, even
/// when its claim is known not to hold any more: then it is without effect, and shown as refused.
public final class BoardRules {
    /// @param node  this node
    /// @param role  of this node in the space
    /// @param nowMs this node's wall clock
    public record Who(NodeId node, Optional<Role> role, long nowMs) {}

    public enum Reason { NOT_FOUND, NOT_ALLOWED, BAD, TAKEN, CHANGED }

    public sealed interface Decision {
        /// @param drafts what to write; empty when nothing would change
        record Accepted(List<Draft> drafts) implements Decision {}

        record Refused(Reason reason, String sentence) implements Decision {}
    }

    private static final class No extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final Reason reason;

        No(Reason reason, String sentence) {
            super(sentence, null, false, false);
            this.reason = reason;
        }
    }

    private final BoardReading reading;
    private final Resolution resolution;

    public BoardRules(BoardReading reading) {
        this.reading = reading;
        this.resolution = new Resolution(reading);
    }

    public Decision decide(BoardCommand command, Who who) {
        try {
            if (who.role().filter(Role::mayWrite).isEmpty()) throw new No(Reason.NOT_ALLOWED, "This node may read the board and not write to it.");
            if (reading.isClosed()) throw new No(Reason.NOT_ALLOWED, "The owner closed this swarm project.");
            return new Decision.Accepted(drafts(command, who));
        } catch (No no) {
            return new Decision.Refused(no.reason, no.getMessage());
        } catch (MalformedPayload malformed) {
            return new Decision.Refused(Reason.BAD, Character.toUpperCase(malformed.getMessage().charAt(0)) + malformed.getMessage().substring(1) + ".");
        }
    }

    private List<Draft> drafts(BoardCommand command, Who who) {
        return switch (command) {
            case BoardCommand.Add(var task, var fields, var createdMs) -> {
                if (reading.task(task).isPresent()) throw new No(Reason.BAD, "There is a task with this id already.");
                yield one(new BoardChange.Created(task, fields, createdMs, Optional.empty()), new TreeMap<>());
            }
            case BoardCommand.Edit(var task, var fields, var version) -> {
                var row = live(task);
                if (version.isPresent() && version.getAsLong() != row.version())
                    throw new No(Reason.CHANGED, "The task has changed meanwhile: it is at version " + row.version() + ", not " + version.getAsLong() + ".");
                if (fields.containsKey(Field.STATUS)) requireAllowed(row, TaskStatus.of(fields.get(Field.STATUS).asText()));
                yield one(new BoardChange.Updated(task, fields), live(task, fields.keySet()));
            }
            case BoardCommand.Delete(var task) -> {
                live(task);
                yield one(new BoardChange.Deleted(task), live(task, List.of(Field.values())));
            }
            case BoardCommand.Restore(var task) -> {
                if (!known(task).deleted()) throw new No(Reason.BAD, "The task is not deleted.");
                yield one(new BoardChange.Restored(task), live(task, List.of(Field.LIFE)));
            }
            case BoardCommand.Log(var task, var lines) -> {
                live(task);
                yield one(new BoardChange.Logged(task, Optional.empty(), lines, Optional.empty(), Optional.empty()), new TreeMap<>());
            }
            case BoardCommand.Settle(var task, var field, var value) -> {
                var row = live(task);
                if (row.conflicts() == 0) throw new No(Reason.NOT_FOUND, "The task has no open conflict.");
                yield one(new BoardChange.Updated(task, new TreeMap<>(java.util.Map.of(field, value))), live(task, List.of(field)));
            }
            case BoardCommand.Claim(var task, var leaseMs) -> claim(task, leaseMs, who);
            case BoardCommand.Renew(var task, var claim, var leaseMs) -> one(new BoardChange.Renewed(task, claim, leaseMs), new TreeMap<>());
            case BoardCommand.Report(var task, var claim, var status, var percent, var note) ->
                one(new BoardChange.Progressed(task, claim, status, percent, note), status.isPresent() ? live(task, List.of(Field.STATUS)) : new TreeMap<>());
            case BoardCommand.Work(var task, var claim, var lines) ->
                one(new BoardChange.Logged(task, Optional.empty(), lines, Optional.of(claim), Optional.empty()), new TreeMap<>());
            case BoardCommand.Finish(var task, var claim, var status, var exitCode, var note) ->
                one(new BoardChange.Finished(task, claim, status, exitCode, note), live(task, List.of(Field.STATUS)));
            case BoardCommand.Release(var task, var claim, var note) -> one(new BoardChange.Released(task, claim, note), new TreeMap<>());
            case BoardCommand.Link(var name, var publicUrl, var executes) -> one(new BoardChange.Linked(name, publicUrl, executes), new TreeMap<>());
            case BoardCommand.Unlink() -> reading.isLinked(who.node()) ? one(new BoardChange.Unlinked(), new TreeMap<>()) : List.of();
            case BoardCommand.NameSequencer(var node) -> nameSequencer(node, who);
            case BoardCommand.AtHub(var listed) -> atHub(listed, who);
            case BoardCommand.Close() -> {
                if (who.role().filter(role -> role == Role.OWNER).isEmpty()) throw new No(Reason.NOT_ALLOWED, "Only the owner's node closes a swarm project.");
                yield one(new BoardChange.Closed(), new TreeMap<>());
            }
        };
    }

    private List<Draft> claim(String task, long leaseMs, Who who) {
        var row = live(task);
        if (row.status().ended()) throw new No(Reason.NOT_ALLOWED, "The task is " + row.status().wire() + ": move it to todo first.");
        row.assigned().filter(to -> to.alone() && !to.node().equals(who.node())).ifPresent(to -> {
            throw new No(Reason.TAKEN, "The task is assigned to node " + to.node().brief() + ".");
        });
        row.holder().filter(node -> !node.equals(who.node()) && row.isHeld(who.nowMs())).ifPresent(node -> {
            throw new No(Reason.TAKEN, "Node " + node.brief() + " works on the task; its lease ends in " + (row.leaseEndMs() - who.nowMs() + 999) / 1_000 + " s unless it renews it.");
        });
        var last = Claims.of(reading, task).last().map(Claims.Standing::claim);
        long token = last.map(claim -> claim.token() + 1).orElse(1L);
        var change = new BoardChange.Claimed(task, last.map(Claim::id), last.map(claim -> reading.lastUnder(claim).orElse(claim.id())), token, leaseMs);
        return one(change, live(task, List.of(Field.STATUS)));
    }

    private List<Draft> atHub(boolean listed, Who who) {
        if (who.role().filter(Role::mayAddMembers).isEmpty()) throw new No(Reason.NOT_ALLOWED, "A hub is a moderator of its projects, and this node is none.");
        var drafts = new ArrayList<Draft>();
        if (reading.isRemoved() == listed) drafts.addAll(one(new BoardChange.AtHub(listed), new TreeMap<>()));
        if (!listed && isSequencer(who)) drafts.addAll(nameSequencer(Optional.empty(), who));
        return drafts;
    }

    private boolean isSequencer(Who who) {
        return Tenure.lastNaming(reading).flatMap(Naming::node).equals(Optional.of(who.node()));
    }

    private List<Draft> nameSequencer(Optional<NodeId> node, Who who) {
        boolean resigns = node.isEmpty() && isSequencer(who);
        if (!resigns && who.role().filter(role -> role == Role.OWNER).isEmpty()) throw new No(Reason.NOT_ALLOWED, "Only the owner's node says who sequences a swarm project.");
        var naming = Tenure.lastNaming(reading);
        if (naming.flatMap(Naming::node).equals(node)) return List.of();
        long term = naming.map(Naming::term).orElse(0L);
        return one(new BoardChange.SequencerNamed(node, term + 1, naming.map(Naming::id), reading.lastSequence(term)), new TreeMap<>());
    }

    private TaskRow known(String task) {
        return reading.task(task).orElseThrow(() -> new No(Reason.NOT_FOUND, "There is no such task here."));
    }

    private TaskRow live(String task) {
        var row = known(task);
        if (row.deleted()) throw new No(Reason.NOT_ALLOWED, "The task is deleted: restore it first.");
        return row;
    }

    private static void requireAllowed(TaskRow row, TaskStatus to) {
        if (!row.status().mayBecome(to))
            throw new No(Reason.NOT_ALLOWED, "A task that is " + row.status().wire() + " becomes " + String.join(" or ", row.status().next().stream().sorted().map(TaskStatus::wire).toList()) + ", not " + to.wire() + ".");
    }

    private SortedMap<Field, List<EventId>> live(String task, Iterable<Field> fields) {
        var claims = Claims.of(reading, task);
        var bases = new TreeMap<Field, List<EventId>>();
        for (var field : fields) bases.put(field, resolution.register(task, field, claims).live());
        return bases;
    }

    private static List<Draft> one(BoardChange change, SortedMap<Field, List<EventId>> bases) {
        return List.of(BoardCodec.draft(change, bases));
    }
}
