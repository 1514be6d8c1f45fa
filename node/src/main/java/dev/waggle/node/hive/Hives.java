package dev.waggle.node.hive;

import dev.waggle.apps.hive.Actor;
import dev.waggle.apps.hive.HiveCommand;
import dev.waggle.apps.hive.HiveLimits;
import dev.waggle.apps.hive.HiveRules;
import dev.waggle.apps.hive.News;
import dev.waggle.apps.hive.Snapshot;
import dev.waggle.apps.hive.Target;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.PayloadTooLarge;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.node.Node;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.node.type.Audience;
import dev.waggle.store.capture.Progress;
import dev.waggle.store.hive.HiveQueries;
import dev.waggle.store.hive.ShownComment;
import dev.waggle.store.hive.ShownPost;
import dev.waggle.store.node.MirrorQueries;
import dev.waggle.store.node.Subscription;
import dev.waggle.store.node.SubscriptionStore;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The hives of this node. A command is decided on what the hive shows now, becomes events in its log, and is answered when the view shows them.
public final class Hives {
    private static final long VIEW_MS_MAX = 10_000;
    private static final int ID_BYTES = 12;
    private static final String IS_PUBLIC = "is_public";
    private static final String VOTE_SECRET = "hive.vote_secret";

    private final Node node;
    private final Agents agents;
    private final byte[] voteSecret;
    private final SubscriptionStore subscriptions;
    private final MirrorQueries mirrors;

    public Hives(Node node) {
        this.node = node;
        this.agents = new Agents(node);
        this.subscriptions = new SubscriptionStore(node.store());
        this.mirrors = new MirrorQueries(node.store());
        if (node.store().setting(VOTE_SECRET).isEmpty()) node.store().setting(VOTE_SECRET, Hex.of(node.random(32)));
        this.voteSecret = Hex.bytes(node.store().setting(VOTE_SECRET).orElseThrow());
    }

    public Agents agents() {
        return agents;
    }

    /// A hive that is open here.
    public record Hive(SpaceRuntime space, HiveQueries queries, Audience<News> audience) {
        public String name() {
            return space.name();
        }
    }

    /// Who asks.
    ///
    /// @param operator holds the node's own token
    public record Caller(Snapshot agent, boolean operator) {}

    public List<Hive> list() {
        return node.spaces().stream().flatMap(space -> open(space).stream()).toList();
    }

    private static Optional<Hive> open(SpaceRuntime space) {
        return space.view().map(view -> view instanceof HiveSpace hive ? new Hive(space, hive.queries(), hive.audience()) : null);
    }

    /// @param asked a name, the beginning of an id, or "-" for the only one
    public Hive find(String asked) {
        var all = list();
        if (asked.equals("-") || asked.isEmpty()) {
            if (all.size() == 1) return all.getFirst();
            throw all.isEmpty() ? new Problem(ErrorCode.NOT_FOUND, "This node has no hive yet.", "`waggle hive create NAME` makes one, `waggle hive join TICKET` joins one.")
                : new Problem(ErrorCode.BAD_REQUEST, "This node has " + all.size() + " hives.", "Say which one: `waggle hive list` names them.");
        }
        var named = all.stream().filter(hive -> hive.name().equals(asked)).findFirst();
        if (named.isPresent()) return named.get();
        var begun = all.stream().filter(hive -> asked.length() >= 4 && hive.space().id().hex().startsWith(asked)).toList();
        if (begun.size() == 1) return begun.getFirst();
        subscriptions.named(asked).or(() -> subscriptions.byId(asked)).ifPresent(Hives::refuse);
        throw new Problem(ErrorCode.NOT_FOUND, "There is no hive with that name or id.", "`waggle hive list` names them.");
    }

    /// Whether everybody may read it without being a member: what the setting says, and while there is none, what its genesis says.
    public static boolean isPublic(Hive hive) {
        var setting = hive.queries().ask(rows -> rows.setting(IS_PUBLIC));
        if (setting.isPresent()) return setting.get().value().equals(Json.TRUE);
        return hive.space().log().atOffset(1).map(first -> ((Entry.Admitted) first).event().body().object("policies").get(IS_PUBLIC).filter(Json.TRUE::equals).isPresent()).orElse(false);
    }

    /// A new hive of this node, with the caller as its first member and moderator.
    public Hive create(String name, Optional<String> description, boolean isPublic, Snapshot founder) {
        var space = node.create(name, HiveSpaceType.NAME, isPublic ? Json.object(IS_PUBLIC, true) : Json.object());
        var hive = waitFor(space, Progress.NONE);
        var caller = new Caller(founder, true);
        act(hive, caller, new HiveCommand.Join());
        act(hive, caller, new HiveCommand.Moderator(founder, true));
        act(hive, caller, new HiveCommand.Set(IS_PUBLIC, Json.of(isPublic)));
        description.ifPresent(text -> act(hive, caller, new HiveCommand.Set("description", Json.of(text))));
        return hive;
    }

    /// The hive of a space that was joined or made just now, with all that its log holds.
    public Hive waitFor(SpaceRuntime space, Progress progress) {
        if (space.type().filter(type -> !type.equals(HiveSpaceType.NAME)).isPresent())
            throw new Problem(ErrorCode.BAD_REQUEST, "\"" + space.name() + "\" is no hive.", "Join it into a file: `waggle join TICKET FILE`.");
        for (var until = System.nanoTime() + VIEW_MS_MAX * 1_000_000; System.nanoTime() < until; pause()) {
            var hive = open(space);
            if (hive.isEmpty()) continue;
            caughtUp(space, progress);
            return hive.get();
        }
        throw new Problem(ErrorCode.NOT_READY, space.trouble().isEmpty() ? "The hive's view is still being opened." : space.trouble(), "Ask again in a moment.");
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException _) {
            throw stopping();
        }
    }

    private static Problem stopping() {
        Thread.currentThread().interrupt();
        return new Problem(ErrorCode.NOT_READY, "The node is stopping.", "Ask again when it is up.");
    }

    private static void caughtUp(SpaceRuntime space, Progress progress) {
        try {
            var view = space.view().orElseThrow(Hives::stopping);
            if (!view.awaitAll(space.log().state().lastOffset(), VIEW_MS_MAX, progress))
                throw new Problem(ErrorCode.NOT_READY, "The hive does not follow its log: " + view.status().trouble() + ".", "Look again in a moment.");
        } catch (InterruptedException _) {
            throw stopping();
        }
    }

    /// Waits until the hive shows what was written.
    void shown(Hive hive, long offset) {
        try {
            if (!hive.space().view().orElseThrow(Hives::stopping).await(offset, VIEW_MS_MAX))
                throw new Problem(ErrorCode.NOT_READY, "It is written, and the hive does not show it yet: it is behind its log.", "Look again in a moment; do not repeat it.");
        } catch (InterruptedException _) {
            throw stopping();
        }
    }

    /// @throws Problem when the command is refused
    public void act(Hive hive, Caller caller, HiveCommand command) {
        var who = new HiveRules.Who(caller.agent(), caller.operator(), hive.space().role());
        switch (hive.queries().decide(command, who)) {
            case HiveRules.Decision.Accepted(var drafts) -> write(hive, drafts);
            case HiveRules.Decision.Refused(var reason, var sentence) -> throw new Problem(switch (reason) {
                case NOT_FOUND -> ErrorCode.NOT_FOUND;
                case NOT_ALLOWED -> ErrorCode.NOT_ALLOWED;
                case BAD -> ErrorCode.BAD_REQUEST;
            }, sentence, "");
        }
    }

    /// Writes drafts in one transaction and waits until they are shown.
    void write(Hive hive, List<Draft> drafts) {
        if (drafts.isEmpty()) return;
        try {
            var written = hive.space().log().write(hive.space().author(), drafts, List.of(), Map.of(), node.settings().clock().wallMs());
            shown(hive, written.getLast().offset());
        } catch (PayloadTooLarge e) {
            throw new Problem(ErrorCode.TOO_LARGE, "It does not fit one event of 64 KiB.", "Shorten it.", e);
        }
    }

    NodeId node() {
        return node.id();
    }

    /// As the node's operator, where this node may change settings.
    void importSetting(Hive hive, String key, Json value) {
        var importer = new Snapshot(new Actor(node.id(), "import"), Optional.of("import"), Optional.empty());
        act(hive, new Caller(importer, true), new HiveCommand.Set(key, value));
    }

    /// An id that nobody else makes.
    public String freshId() {
        return HiveLimits.prefix(node.id()) + Hex.of(node.random(ID_BYTES));
    }

    /// Under what name an agent votes where single votes are private: nobody without this node's secret can tell whose it is, or that two votes of one
    /// agent are by the same; and it is the same every time, so that a vote can be changed.
    public Actor voteAlias(Hive hive, Target target, Snapshot agent) {
        var text = hive.space().id().hex() + " " + target.kind().wire() + " " + target.id() + " " + agent.actor().agent();
        var inner = Sha256.of(voteSecret, text.getBytes(StandardCharsets.UTF_8));
        return new Actor(node.id(), "v" + Hex.of(Sha256.of(voteSecret, inner)).substring(0, 32));
    }

    private void refuse(long subscription) {
        subscriptions.list().stream().filter(each -> each.number() == subscription).forEach(Hives::refuse);
    }

    private static void refuse(Subscription of) {
        throw new Problem(ErrorCode.READ_ONLY, "\"" + of.localName() + "\" is a read-only mirror of a hive at " + of.url() + ".",
            "Write where it lives, or ask for a ticket there and join it: `waggle hive join TICKET`.");
    }

    public record Found<T>(Hive hive, T shown) {}

    /// A post of any hive here, deleted ones too; not of mirrors.
    public Optional<Found<ShownPost>> postHere(String id) {
        for (var hive : list()) {
            var post = hive.queries().post(id);
            if (post.isPresent()) return Optional.of(new Found<>(hive, post.get()));
        }
        return Optional.empty();
    }

    /// @throws Problem when it is not here, or in a mirror only: there it is read with [MirrorQueries] and never written
    public Found<ShownPost> post(String id) {
        var here = postHere(id);
        if (here.isPresent()) return here.get();
        mirrors.post(id).ifPresent(mirrored -> refuse(mirrored.subscription()));
        throw new Problem(ErrorCode.NOT_FOUND, "There is no such post here.", "GET /api/v1/feed/all lists posts.");
    }

    /// A comment of any hive here, deleted ones too; not of mirrors.
    public Optional<Found<ShownComment>> commentHere(String id) {
        for (var hive : list()) {
            var comment = hive.queries().comment(id);
            if (comment.isPresent()) return Optional.of(new Found<>(hive, comment.get()));
        }
        return Optional.empty();
    }

    /// @throws Problem when it is not here, or in a mirror only
    public Found<ShownComment> comment(String id) {
        var here = commentHere(id);
        if (here.isPresent()) return here.get();
        mirrors.comment(id).ifPresent(mirrored -> refuse(mirrored.subscription()));
        throw new Problem(ErrorCode.NOT_FOUND, "There is no such comment here.", "GET /api/v1/posts/{id}/comments lists a post's.");
    }
}
