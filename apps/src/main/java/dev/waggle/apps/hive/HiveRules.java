package dev.waggle.apps.hive;

import dev.waggle.apps.hive.HiveChange.Created;
import dev.waggle.apps.hive.HiveChange.Deleted;
import dev.waggle.apps.hive.HiveChange.MemberAction;
import dev.waggle.apps.hive.HiveChange.MemberChanged;
import dev.waggle.apps.hive.HiveChange.ModeratorChanged;
import dev.waggle.apps.hive.HiveChange.Restored;
import dev.waggle.apps.hive.HiveChange.SettingChanged;
import dev.waggle.apps.hive.HiveChange.Updated;
import dev.waggle.apps.hive.HiveChange.Voted;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Role;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Decides what becomes of a command: events, or a refusal. Nothing is changed here; equal rows and commands give equal decisions.
///
/// A node that decided wrongly harms nobody: every node judges the events again by [Resolution].
public final class HiveRules {
    /// Who asks.
    ///
    /// @param agent    as whom
    /// @param operator holds the node's own token: may moderate in the name of any agent where the node itself may
    /// @param role     of this node in the space
    public record Who(Snapshot agent, boolean operator, Optional<Role> role) {
        private boolean nodeModerates() {
            return role.filter(Role::mayAddMembers).isPresent();
        }
    }

    public enum Reason { NOT_FOUND, NOT_ALLOWED, BAD }

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

    private final HiveReading reading;
    private final Resolution resolution;

    public HiveRules(HiveReading reading) {
        this.reading = reading;
        this.resolution = new Resolution(reading);
    }

    public Decision decide(HiveCommand command, Who who) {
        try {
            if (who.role().filter(Role::mayWrite).isEmpty()) throw new No(Reason.NOT_ALLOWED, "This node may read the hive and not write to it.");
            return new Decision.Accepted(drafts(command, who));
        } catch (No no) {
            return new Decision.Refused(no.reason, no.getMessage());
        } catch (MalformedPayload malformed) {
            return new Decision.Refused(Reason.BAD, Character.toUpperCase(malformed.getMessage().charAt(0)) + malformed.getMessage().substring(1) + ".");
        }
    }

    private List<Draft> drafts(HiveCommand command, Who who) {
        return switch (command) {
            case HiveCommand.Post(var id, var title, var content, var url, var createdMs) -> {
                requireWelcome(who);
                requireNew(Target.post(id));
                yield one(new Created(Target.post(id), id, Optional.empty(), title, content, url.filter(link -> !link.isEmpty()), who.agent(), createdMs), List.of(), who);
            }
            case HiveCommand.Comment(var id, var post, var parent, var content, var createdMs) -> {
                requireWelcome(who);
                requireNew(Target.comment(id));
                if (live(Target.post(post)).state() != ContentState.LIVE) throw new No(Reason.NOT_ALLOWED, "The post was deleted.");
                if (parent.isPresent() && reading.comment(parent.get()).filter(above -> above.post().equals(post)).isEmpty())
                    throw new No(Reason.NOT_FOUND, "The post has no such comment.");
                yield one(new Created(Target.comment(id), post, parent, "", Optional.of(content), Optional.empty(), who.agent(), createdMs), List.of(), who);
            }
            case HiveCommand.Edit(var target, var title, var content, var url) -> {
                requireWelcome(who);
                var shown = live(target);
                requireAuthorOrModerator(shown, who, "edit");
                if (shown.state() == ContentState.REMOVED && !isModerator(who)) throw new No(Reason.NOT_ALLOWED, "A moderator removed it.");
                if (target.kind() == Target.Kind.COMMENT && content.isEmpty()) throw new No(Reason.BAD, "A comment needs content.");
                if (title.isEmpty() && content.isEmpty() && url.isEmpty()) throw new No(Reason.BAD, "Nothing is named that should change.");
                yield one(new Updated(target, title, content, url, who.agent()), shown.live(), who);
            }
            case HiveCommand.Delete(var target, var reason) -> {
                var shown = live(target);
                requireAuthorOrModerator(shown, who, "delete");
                boolean own = shown.created().actor().equals(who.agent().actor());
                if (own) requireWelcome(who);
                if (shown.state() == ContentState.REMOVED || own && shown.state() == ContentState.DELETED) yield List.of();
                yield one(new Deleted(target, who.agent(), reason), shown.live(), who);
            }
            case HiveCommand.Restore(var target) -> {
                var shown = live(target);
                requireAuthorOrModerator(shown, who, "restore");
                if (shown.state() == ContentState.LIVE) yield List.of();
                boolean own = shown.created().actor().equals(who.agent().actor());
                if (own) requireWelcome(who);
                if (shown.state() == ContentState.REMOVED && own) throw new No(Reason.NOT_ALLOWED, "A moderator removed it: another moderator may restore it.");
                if (shown.state() == ContentState.DELETED && !own) throw new No(Reason.NOT_ALLOWED, "Its author deleted it: only the author may restore it.");
                if (!own) requireRank(shown.why().orElseThrow(), who);
                yield one(new Restored(target, who.agent()), shown.live(), who);
            }
            case HiveCommand.Vote(var target, var value, var alias) -> vote(target, value, alias, who);
            case HiveCommand.Set(var key, var value) -> {
                requireModerator(who);
                yield one(new SettingChanged(key, value, who.agent()), resolution.owned(new Ref.Setting(HiveLimits.settingKey(key))).ids(), who);
            }
            case HiveCommand.Join _ -> {
                requireWelcome(who);
                var member = reading.member(who.agent().actor());
                yield member.filter(MemberRow::joined).isPresent() ? List.of() : one(new MemberChanged(who.agent(), MemberAction.JOIN, who.agent()), List.of(), who);
            }
            case HiveCommand.Leave _ -> {
                var member = reading.member(who.agent().actor());
                yield member.filter(MemberRow::joined).isEmpty() ? List.of() : one(new MemberChanged(who.agent(), MemberAction.LEAVE, who.agent()), List.of(), who);
            }
            case HiveCommand.Ban(var agent, var banned) -> {
                requireModerator(who);
                if (agent.actor().equals(who.agent().actor())) throw new No(Reason.BAD, "Nobody bans himself.");
                var before = resolution.owned(new Ref.Ban(agent.actor()));
                if (!banned) before.shown().filter(change -> change.kind() == Change.Kind.BAN).ifPresent(ban -> requireRank(ban, who));
                yield one(new MemberChanged(agent, banned ? MemberAction.BAN : MemberAction.UNBAN, who.agent()), before.ids(), who);
            }
            case HiveCommand.Moderator(var agent, var added) -> {
                if (!who.nodeModerates()) throw new No(Reason.NOT_ALLOWED, "Only the nodes of the owner and of moderators name moderators.");
                requireModerator(who);
                var before = resolution.owned(new Ref.Moderator(agent.actor()));
                before.shown().ifPresent(last -> requireRank(last, who));
                yield one(new ModeratorChanged(agent, added, who.agent()), before.ids(), who);
            }
        };
    }

    /// Where single votes are private, the vote is cast under an alias, and one that was cast under the name before is taken back; and the other way round.
    private List<Draft> vote(Target target, int value, Actor alias, Who who) {
        requireWelcome(who);
        if (live(target).state() != ContentState.LIVE) throw new No(Reason.NOT_ALLOWED, "It was deleted.");
        boolean hidden = votesAreHidden(reading);
        var voter = hidden ? alias : who.agent().actor();
        var other = hidden ? who.agent().actor() : alias;
        var drafts = new ArrayList<Draft>();
        if (reading.voteValue(target, other) != 0) drafts.addAll(one(new Voted(target, other, 0), List.of(), who));
        if (reading.voteValue(target, voter) != value) drafts.addAll(one(new Voted(target, voter, value), List.of(), who));
        return drafts;
    }

    /// Whether votes are cast under aliases here.
    public static boolean votesAreHidden(HiveReading reading) {
        return reading.setting(HiveLimits.VOTE_PRIVACY).filter(row -> row.value().equals(Json.of(HiveLimits.AGGREGATE))).isPresent();
    }

    private static List<Draft> one(HiveChange change, List<EventId> bases, Who who) {
        return List.of(HiveCodec.draft(change, bases, node(who)));
    }

    private static NodeId node(Who who) {
        return who.agent().actor().instance();
    }

    private Resolution.Content live(Target target) {
        return resolution.content(target).orElseThrow(() -> new No(Reason.NOT_FOUND, "There is no such " + target.kind().wire() + " here."));
    }

    private void requireNew(Target target) {
        if (resolution.content(target).isPresent()) throw new No(Reason.BAD, "There is a " + target.kind().wire() + " with this id already.");
    }

    private void requireWelcome(Who who) {
        if (resolution.isBanned(who.agent().actor(), Optional.empty())) throw new No(Reason.NOT_ALLOWED, "\"" + who.agent().shownName() + "\" is banned from this hive.");
    }

    private boolean isModerator(Who who) {
        return who.operator() && who.nodeModerates() || resolution.isNamedModerator(who.agent().actor(), Optional.empty());
    }

    private void requireModerator(Who who) {
        if (!isModerator(who)) throw new No(Reason.NOT_ALLOWED, "Only moderators of the hive may do that.");
    }

    private void requireAuthorOrModerator(Resolution.Content shown, Who who, String what) {
        if (!shown.created().actor().equals(who.agent().actor()) && !isModerator(who)) throw new No(Reason.NOT_ALLOWED, "Only its author and moderators may " + what + " it.");
    }

    /// Would have no effect: what a higher rank decided, a lower one does not take back.
    private static void requireRank(Change decided, Who who) {
        int rank = who.role().filter(role -> role == Role.OWNER).isPresent() ? Change.OWNER : who.nodeModerates() ? Change.MODERATOR : Change.MEMBER;
        if (rank < decided.rank()) throw new No(Reason.NOT_ALLOWED, decided.rank() == Change.OWNER ? "The owner's node decided that." : "A moderator's node decided that.");
    }
}
