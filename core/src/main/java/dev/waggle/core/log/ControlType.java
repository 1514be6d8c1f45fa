package dev.waggle.core.log;

/// The event types that decide about a space itself rather than about its rows.
public final class ControlType {
    /// The first event: `{name, owner, space_type, policies, salt}`.
    public static final String GENESIS = "genesis";
    /// `{subject, role}`: written by an owner or moderator.
    public static final String MEMBER_ADDED = "member_added";
    /// `{}`: the author leaves; a node speaks for itself only.
    public static final String MEMBER_LEFT = "member_left";
    /// `{table, policy}` for a table, or without `table` for the space: re-evaluates the records. Written by an owner or moderator.
    public static final String POLICY_CHANGED = "policy_changed";
    /// `{old_epoch, seq, id}` as the first event of a new epoch: the author's events of `old_epoch` beyond (seq, id) are void for ever and
    /// written again; `seq` 0 and no `id` void the whole epoch. No control event: it concerns its author's own chain only.
    public static final String REBASE = "rebase";
    /// `{}` as the first event of an epoch that needs none of its own: says that a new lineage began.
    public static final String EPOCH_OPENED = "epoch_opened";

    private ControlType() {}

    /// Control events form the DAG that decides who may write.
    public static boolean isControl(String type) {
        return type.equals(GENESIS) || type.equals(MEMBER_ADDED) || type.equals(MEMBER_LEFT) || type.equals(POLICY_CHANGED);
    }
}
