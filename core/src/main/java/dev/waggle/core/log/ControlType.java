package dev.waggle.core.log;

import java.util.Set;

/// The event types that decide about a space itself rather than about its rows.
///
/// `cuts` is a list of `{epoch, seq, id}`: the subject's last events that count. Only those and their chain ancestors do; its other branches and
/// epochs are void. A cut does not reach events that name it in their control past: those were allowed, or refused, in full knowledge of it.
public final class ControlType {
    /// The first event: `{name, owner, space_type, policies, salt}`.
    public static final String GENESIS = "genesis";
    /// `{subject, role}`: written by an owner or moderator.
    public static final String MEMBER_ADDED = "member_added";
    /// `{subject, role, cuts}`: raises or lowers a member's role. `cuts` when it takes away.
    public static final String ROLE_CHANGED = "role_changed";
    /// `{subject, cuts}`: written by an owner or moderator who ranks above the subject.
    public static final String MEMBER_REMOVED = "member_removed";
    /// `{cuts}`: the author leaves; a node speaks for itself only.
    public static final String MEMBER_LEFT = "member_left";
    /// `{to, cuts}`: the owner makes a member the owner, and is a moderator from then on.
    public static final String OWNERSHIP_TRANSFERRED = "ownership_transferred";
    /// `{subject, cuts}`: the heir takes over from the owner `subject`, of whom nothing was seen for the space's waiting time.
    public static final String OWNERSHIP_CLAIMED = "ownership_claimed";
    /// `{subject, to, cuts}`: another key takes the role and the standing of a member's key. Written by the member, or by who ranks above it.
    public static final String DEVICE_ROTATED = "device_rotated";
    /// `{subject, counts}`: events of `subject` that the cuts in this event's past voided count again: per epoch those up to (seq, id). Control
    /// events stay void: they are decided anew.
    public static final String READMITTED = "readmitted";
    /// `{table, policy}` for a table, or without `table` for the space: re-evaluates the records. Written by an owner or moderator.
    public static final String POLICY_CHANGED = "policy_changed";
    /// `{subject}`: who writes the checkpoints from then on: a member in the owner's place, or the owner again. Written by the owner, and good for his tenure.
    public static final String COORDINATOR_NAMED = "coordinator_named";
    /// `{before, chunks, frontier, control, segments}`: what the log held, in segments that every node can compute ([Checkpoint]). Written by the owner, or by
    /// the coordinator that he named, never by both.
    public static final String CHECKPOINT = "checkpoint";
    /// `{}`: says that the owner is there when it has written nothing else for a while. No control event, and in no view.
    public static final String SIGN_OF_LIFE = "sign_of_life";
    /// `{old_epoch, seq, id}` as the first event of a new epoch: the author's events of `old_epoch` beyond (seq, id) are void for ever and
    /// written again; `seq` 0 and no `id` void the whole epoch. No control event: it concerns its author's own chain only.
    public static final String REBASE = "rebase";
    /// `{}` as the first event of an epoch that needs none of its own: says that a new lineage began.
    public static final String EPOCH_OPENED = "epoch_opened";

    private ControlType() {}

    private static final Set<String> CONTROL = Set.of(GENESIS, MEMBER_ADDED, ROLE_CHANGED, MEMBER_REMOVED, MEMBER_LEFT, OWNERSHIP_TRANSFERRED,
        OWNERSHIP_CLAIMED, DEVICE_ROTATED, READMITTED, POLICY_CHANGED, COORDINATOR_NAMED, CHECKPOINT);

    /// Control events form the DAG that decides who may write.
    public static boolean isControl(String type) {
        return CONTROL.contains(type);
    }
}
