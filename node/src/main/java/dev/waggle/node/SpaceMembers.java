package dev.waggle.node;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.Tip;
import dev.waggle.core.log.Verdict;
import dev.waggle.core.log.WriteRefused;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The members of one space: who they are, and the control events that change that. The log judges each before it is written, so a "no" changes nothing.
public final class SpaceMembers {
    /// A preview counts so many records and then says "at least".
    static final int RECORDS_MAX = 100_000;

    private final SpaceRuntime space;
    private final NodeId self;

    SpaceMembers(SpaceRuntime space, NodeId self) {
        this.space = space;
        this.self = self;
    }

    private EventLog log() {
        return space.log();
    }

    public record Member(NodeId node, Role role, boolean self) {}

    /// @param by the control event that says so
    public record Former(NodeId node, EventId by) {}

    public List<Member> list() {
        var members = new ArrayList<Member>();
        log().state().members().forEach((node, role) -> members.add(new Member(node, role, node.equals(self))));
        members.sort(java.util.Comparator.comparing(Member::role).thenComparing(Member::node));
        return members;
    }

    public List<Former> former() {
        return log().state().former().entrySet().stream().map(each -> new Former(each.getKey(), each.getValue())).toList();
    }

    /// The member, or former member, whose id begins with `asked`; `me` is this node.
    public NodeId find(String asked) {
        if (asked.equals("me")) return self;
        var state = log().state();
        var found = new HashSet<NodeId>();
        for (var node : state.members().keySet()) if (node.hex().startsWith(asked)) found.add(node);
        for (var node : state.former().keySet()) if (node.hex().startsWith(asked)) found.add(node);
        if (found.size() == 1 && !asked.isEmpty()) return found.iterator().next();
        throw new Problem(ErrorCode.NOT_FOUND, found.isEmpty() ? "No member's id begins like that." : "More than one member's id begins like that.",
            "`waggle member list` names them.");
    }

    /// A whole node id.
    public static NodeId whole(String asked) {
        if (Hex.isLower(asked, 64)) return new NodeId(asked);
        throw new Problem(ErrorCode.BAD_REQUEST, "That is no whole node id.", "`waggle sync status --json` on the other machine says it as \"node\": 64 digits.");
    }

    public EventId add(NodeId node, Role role, long nowMs) {
        if (log().state().members().containsKey(node)) throw new Problem(ErrorCode.BAD_REQUEST, "It is a member already.", "`waggle member role` changes what it may do.");
        return write(new Draft(ControlType.MEMBER_ADDED, Json.object("subject", node.hex(), "role", role.wire())), nowMs);
    }

    public EventId role(NodeId node, Role role, long nowMs) {
        requireMember(node);
        return write(new Draft(ControlType.ROLE_CHANGED, Json.object("subject", node.hex(), "role", role.wire())), nowMs);
    }

    public EventId transfer(NodeId to, long nowMs) {
        requireMember(to);
        return write(new Draft(ControlType.OWNERSHIP_TRANSFERRED, Json.object("to", to.hex())), nowMs);
    }

    /// Takes over from an owner of whom nothing was seen for the space's waiting time.
    public EventId claim(long nowMs) {
        var owner = log().state().members().entrySet().stream().filter(each -> each.getValue() == Role.OWNER).map(Map.Entry::getKey).findFirst()
            .or(this::firstOwner).orElseThrow();
        if (owner.equals(self)) throw new Problem(ErrorCode.BAD_REQUEST, "This node is the owner.", "There is nothing to claim.");
        return write(new Draft(ControlType.OWNERSHIP_CLAIMED, Json.object("subject", owner.hex())), nowMs);
    }

    private Optional<NodeId> firstOwner() {
        return log().atOffset(1).filter(Entry.Admitted.class::isInstance).map(entry -> ((Entry.Admitted) entry).event().chain().origin());
    }

    /// Another key takes the place of a member's.
    public EventId rotate(NodeId node, NodeId to, long nowMs) {
        requireMember(node);
        return write(new Draft(ControlType.DEVICE_ROTATED, Json.object("subject", node.hex(), "to", to.hex())), nowMs);
    }

    /// From now on this member writes the space's checkpoints; the owner's own id takes that back.
    public EventId coordinator(NodeId node, long nowMs) {
        requireMember(node);
        return write(new Draft(ControlType.COORDINATOR_NAMED, Json.object("subject", node.hex())), nowMs);
    }

    /// Who writes the next checkpoint; empty while who was named is no member.
    public Optional<NodeId> coordinator() {
        return log().state().checkpointer();
    }

    /// What cuts voided of a member's, or former member's, events counts again, as far as it is here.
    public EventId readmit(NodeId node, long nowMs) {
        return write(new Draft(ControlType.READMITTED, Json.object("subject", node.hex())), nowMs);
    }

    /// @param sinceMs void is what the member's clock stamped then or later; [Long#MAX_VALUE] keeps all that is known here
    public EventId remove(NodeId node, long sinceMs, long nowMs) {
        requireMember(node);
        var body = Json.object("subject", node.hex());
        return write(new Draft(ControlType.MEMBER_REMOVED, sinceMs == Long.MAX_VALUE ? body : body.with("cuts", cuts(node, sinceMs))), nowMs);
    }

    private EventId write(Draft draft, long nowMs) {
        return log().write(space.author(), List.of(draft), List.of(), Map.of(), nowMs).getLast().event().id();
    }

    private void requireMember(NodeId node) {
        if (!log().state().members().containsKey(node)) throw new Problem(ErrorCode.NOT_FOUND, "It is no member of this space.", "`waggle member list` names them.");
    }

    // What a removal voids

    /// @param events  that count now and would not
    /// @param records that these events change
    /// @param more    there are more records than were counted
    public record Preview(long events, long records, boolean more) {}

    /// What a removal would void of what is here. Writes nothing.
    public Preview preview(NodeId node, long sinceMs) {
        requireMember(node);
        long events = 0;
        var records = new HashSet<String>();
        for (var each : lastBefore(node, sinceMs).entrySet()) {
            var tip = each.getKey();
            for (long seq = firstOwn(tip, each.getValue()); seq <= tip.seq(); seq++) {
                var entry = log().at(tip.chain(), tip.branch(), seq);
                if (entry.isEmpty() || entry.get().verdict() == Verdict.VOID) continue;
                events++;
                if (records.size() < RECORDS_MAX) addRecords(entry.get(), records);
            }
        }
        return new Preview(events, records.size(), records.size() >= RECORDS_MAX);
    }

    /// Where forks share their beginning, it is counted with the first of them.
    private long firstOwn(Tip tip, long kept) {
        long first = kept + 1;
        if (tip.branch() == 0) return first;
        while (first <= tip.seq()) {
            long seq = first;
            var here = log().at(tip.chain(), tip.branch(), seq).map(entry -> entry.event().id());
            if (here.isEmpty() || !here.equals(log().at(tip.chain(), 0, seq).map(entry -> entry.event().id()))) break;
            first++;
        }
        return first;
    }

    private void addRecords(Entry.Admitted entry, HashSet<String> records) {
        if (!ChangeSetCodec.isChangeSet(entry.event())) return;
        try {
            int item = 0;
            for (var change : ChangeSetCodec.decode(entry.event(), log()::chunk)) {
                records.add(change.record().map(Object::toString).orElse(entry.event().id().hex() + "/" + item));
                item++;
            }
        } catch (MalformedPayload _) {
            return;                                     // quarantined: it changes nothing
        }
    }

    private Json cuts(NodeId node, long sinceMs) {
        var named = new ArrayList<EventRef>();
        lastBefore(node, sinceMs).forEach((tip, seq) -> {
            if (seq > 0) log().at(tip.chain(), tip.branch(), seq).ifPresent(entry -> named.add(entry.event().ref()));
        });
        return Json.array(named.stream().distinct().sorted().map(ref ->
            (Json) Json.object("epoch", ref.chain().epoch().hex(), "seq", ref.seq(), "id", ref.id().hex())).toList());
    }

    /// For each branch of the member's chains the seq of the last event stamped before `sinceMs`: stamps only grow along a chain.
    private Map<Tip, Long> lastBefore(NodeId node, long sinceMs) {
        var last = new TreeMap<Tip, Long>(dev.waggle.core.log.LogState.ORDER);
        for (var tip : log().state().tips()) {
            if (!tip.chain().origin().equals(node)) continue;
            long kept = 0;
            long beyond = tip.seq() + 1;
            if (tip.ts().wallMs() < sinceMs) kept = tip.seq();
            while (beyond - kept > 1) {
                long middle = (kept + beyond) >>> 1;
                if (log().at(tip.chain(), tip.branch(), middle).filter(entry -> entry.event().envelope().ts().wallMs() >= sinceMs).isPresent()) beyond = middle;
                else kept = middle;
            }
            last.put(tip, kept);
        }
        return last;
    }

    // The owner

    /// Says that the owner is there, when it has said nothing else for a quarter of the space's waiting time.
    void signOfLife(long nowMs) {
        if (space.role().filter(Role.OWNER::equals).isEmpty()) return;
        var quarter = space.ownerGoneMs() / 4;
        for (var tip : log().state().tips())
            if (tip.chain().origin().equals(self) && tip.ts().wallMs() > nowMs - quarter) return;
        try {
            write(new Draft(ControlType.SIGN_OF_LIFE, Json.object()), nowMs);
        } catch (WriteRefused | LogUnavailable _) {
            return;                                     // the clock is wrong, the role is gone, or the disk is full: looked at again
        }
    }
}
