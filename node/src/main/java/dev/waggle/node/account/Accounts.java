package dev.waggle.node.account;

import dev.waggle.apps.hub.Account;
import dev.waggle.apps.hub.AccountChange;
import dev.waggle.apps.hub.AccountView;
import dev.waggle.apps.hub.Kind;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.SpaceId;
import dev.waggle.node.Node;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// The accounts of this hub. Every change is one event in the hub's own space, which is made with the first of them, and is answered when it counts here. Thread-safe.
public final class Accounts {
    public static final String KEY_PREFIX = "waggle_node_";
    /// A key and the one that takes its place.
    public static final int SECRETS_LIVE = 2;
    private static final int KEYS_MAX = 10_000;
    private static final String SPACE = "hub";
    private static final int ID_BYTES = 8;
    private static final int SECRET_BYTES = 32;
    private static final int NAME_MAX = 80;
    private static final long VIEW_MS_MAX = 10_000;

    private final Node node;
    private volatile SpaceRuntime found;                                  // null while there is none
    private volatile boolean none;                                        // there was none when it was looked for, and nothing happened in a space since
    private volatile boolean isRead;
    private volatile Consumer<SpaceId> onProject = _ -> { };

    public Accounts(Node node) {
        this.node = node;
        node.onAppend(_ -> none = false);
    }

    Node node() {
        return node;
    }

    // The space

    /// Remembered once it was found, and that there is none until something happens in a space: whoever comes in asks, each board is asked about, and a hub has thousands of spaces.
    Optional<SpaceRuntime> space() {
        var known = found;
        if (known != null && node.space(known.id()).filter(known::equals).isPresent()) return Optional.of(known);
        if (none) return Optional.empty();
        none = true;                             // before it is looked for: what happens meanwhile takes it back
        var space = node.spaces().stream().filter(each -> each.type().filter(HubSpaceType.NAME::equals).isPresent() && each.role().isPresent()).findFirst();
        found = space.orElse(null);
        if (space.isPresent()) none = false;
        return space;
    }

    /// Whether what the log says of accounts is known here: not so in the first moments of a start.
    boolean isRead() {
        var space = space();
        if (space.isEmpty() || isRead) return true;
        isRead = space.get().view().filter(view -> view.status().folded() >= space.get().log().state().lastOffset()).isPresent();
        return isRead;
    }

    /// @param told of every project that this process of the hub lists, or lists no more
    public void onProject(Consumer<SpaceId> told) {
        onProject = told;
    }

    void projectChanged(SpaceId project) {
        onProject.accept(project);
    }

    private Optional<HubSpace> view() {
        return space().flatMap(SpaceRuntime::view).map(HubSpace.class::cast);
    }

    <T> T ask(Function<AccountView, T> question, T otherwise) {
        return view().map(view -> view.ask(question)).orElse(otherwise);
    }

    synchronized void write(AccountChange... changes) {
        if (!node.settings().hub()) throw new Problem(ErrorCode.NOT_ALLOWED, "This node is no hub.", "Start it with `waggle up --hub`.");
        var space = space().orElseGet(this::begin);
        var written = space.log().write(space.author(), List.of(changes).stream().map(AccountChange::draft).toList(), List.of(), Map.of(), node.nowMs());
        try {
            for (var until = System.nanoTime() + VIEW_MS_MAX * 1_000_000; space.view().isEmpty() && System.nanoTime() < until; Thread.sleep(5)) { }
            if (space.view().isEmpty() || !space.view().get().await(written.getLast().offset(), VIEW_MS_MAX))
                throw new Problem(ErrorCode.NOT_READY, "It is written, and not shown yet.", "Look again in a moment; do not repeat it.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(ErrorCode.NOT_READY, "The node is stopping.", "Ask again when it is up.", e);
        }
    }

    /// One process begins: two that did so at once would keep two books.
    private SpaceRuntime begin() {
        if (node.settings().processes().keyFile().isPresent())
            throw new Problem(ErrorCode.NOT_READY, "This is a further process of a hub that has no accounts yet.", "Add the first organisation at the hub's first process.");
        return node.create(SPACE, HubSpaceType.NAME);
    }

    AccountChange change(Caller caller, Kind kind, String id, Object... namesAndValues) {
        try {
            return new AccountChange(kind, id, Json.object(namesAndValues).members(), caller.by());
        } catch (MalformedPayload e) {
            throw new Problem(ErrorCode.BAD_REQUEST, "It cannot be kept: " + e.getMessage() + ".", "Shorten it.", e);
        }
    }

    private String freshId() {
        return Hex.of(node.random(ID_BYTES));
    }

    private static String name(String what, String name) {
        if (name.isBlank() || name.length() > NAME_MAX || name.chars().anyMatch(Character::isISOControl))
            throw new Problem(ErrorCode.BAD_REQUEST, "A name of " + what + " has 1 to " + NAME_MAX + " characters.", "Choose another one.");
        return name.strip();
    }

    // Looking

    /// @param asked an id, or a name, or an e-mail address
    public Account find(Kind kind, String asked, Caller caller) {
        var found = live(kind, caller).stream().filter(each -> each.id().equals(asked) || each.text("name").equals(asked) || each.text("email").equals(asked)).toList();
        if (found.size() == 1) return found.getFirst();
        if (found.isEmpty()) {
            var begun = live(kind, caller).stream().filter(each -> asked.length() >= 4 && each.id().startsWith(asked)).toList();
            if (begun.size() == 1) return begun.getFirst();
            throw new Problem(ErrorCode.NOT_FOUND, "There is no such " + kind.wire() + " here.", "`waggle hub " + kind.wire() + " list` names them.");
        }
        throw new Problem(ErrorCode.BAD_REQUEST, "More than one " + kind.wire() + " is called that.", "Name it by its id.");
    }

    /// What the caller may see, by id.
    public List<Account> live(Kind kind, Caller caller) {
        return ask(view -> view.live(kind), List.<Account>of()).stream().filter(each -> caller.sees(organisation(each))).toList();
    }

    /// Whose it is.
    String organisation(Account account) {
        return switch (account.kind()) {
            case ORGANISATION -> account.id();
            case SECRET -> ask(view -> view.find(Kind.KEY, account.text("key")), Optional.<Account>empty()).map(this::organisation).orElse("");
            case GRANT -> ask(view -> view.find(Kind.PROJECT, account.text("project")), Optional.<Account>empty()).map(this::organisation).orElse("");
            case USER, KEY, NODE, PROJECT -> account.text("organisation");
        };
    }

    // Organisations

    public Account addOrganisation(String name, Caller caller) {
        caller.requireOperator();
        var wanted = name("an organisation", name);
        synchronized (this) {
            if (live(Kind.ORGANISATION, caller).stream().anyMatch(each -> each.text("name").equals(wanted)))
                throw new Problem(ErrorCode.BAD_REQUEST, "There is an organisation of that name.", "Choose another name.");
            var id = freshId();
            write(change(caller, Kind.ORGANISATION, id, "name", wanted, "removed", false));
            return find(Kind.ORGANISATION, id, caller);
        }
    }

    /// Its keys open nothing from now on, and its users do not come in.
    public void removeOrganisation(String asked, Caller caller) {
        caller.requireOperator();
        write(change(caller, Kind.ORGANISATION, find(Kind.ORGANISATION, asked, caller).id(), "removed", true));
    }

    // Users

    /// @param role `admin` or `member`
    public Account addUser(String organisation, String email, String password, String role, Caller caller) {
        var of = find(Kind.ORGANISATION, organisation, caller).id();
        caller.requireChanges(of);
        var address = email.strip().toLowerCase(Locale.ROOT);
        if (!address.matches("[^\\s@\\p{Cntrl}]{1,64}@[^\\s@\\p{Cntrl}]{1,180}")) throw new Problem(ErrorCode.BAD_REQUEST, "That is no e-mail address.", "Write it as name@host.");
        var hash = Password.hash(requireGood(password), node.random(Password.SALT_BYTES));
        synchronized (this) {
            if (ask(view -> view.user(address), Optional.<Account>empty()).isPresent()) throw new Problem(ErrorCode.BAD_REQUEST, "There is a user with that e-mail address.", "Use another one.");
            var id = freshId();
            write(change(caller, Kind.USER, id, "organisation", of, "email", address, "password", hash, "role", requireRole(role), "removed", false));
            return find(Kind.USER, id, caller);
        }
    }

    private static String requireGood(String password) {
        if (password.length() < Password.CHARS_MIN || password.length() > Password.CHARS_MAX)
            throw new Problem(ErrorCode.BAD_REQUEST, "A password has " + Password.CHARS_MIN + " to " + Password.CHARS_MAX + " characters.", "Choose another one.");
        return password;
    }

    private static String requireRole(String role) {
        if (role.equals("admin") || role.equals("member")) return role;
        throw new Problem(ErrorCode.BAD_REQUEST, "There is no such role.", "A user is admin or member.");
    }

    /// A user may change his own; everybody who is signed in as him is signed out.
    public void password(String asked, String password, Caller caller) {
        var user = find(Kind.USER, asked, caller);
        if (!(caller instanceof Caller.User self && self.id().equals(user.id()))) caller.requireChanges(organisation(user));
        write(change(caller, Kind.USER, user.id(), "password", Password.hash(requireGood(password), node.random(Password.SALT_BYTES))));
    }

    public void role(String asked, String role, Caller caller) {
        var user = find(Kind.USER, asked, caller);
        caller.requireChanges(organisation(user));
        write(change(caller, Kind.USER, user.id(), "role", requireRole(role)));
    }

    public void removeUser(String asked, Caller caller) {
        var user = find(Kind.USER, asked, caller);
        caller.requireChanges(organisation(user));
        write(change(caller, Kind.USER, user.id(), "removed", true));
    }

    void signedIn(Account user) {
        var caller = new Caller.User(user.id(), organisation(user), false);
        write(change(caller, Kind.USER, user.id(), "signed_in_ms", node.nowMs()));
    }

    // API keys

    /// @param secret what a node presents; told now and never again
    public record Shown(Account key, String secret) {}

    public Shown addKey(String organisation, String name, Caller caller) {
        var of = find(Kind.ORGANISATION, organisation, caller).id();
        caller.requireChanges(of);
        var wanted = name("a key", name);
        synchronized (this) {
            var known = live(Kind.KEY, caller).stream().filter(each -> organisation(each).equals(of)).toList();
            if (known.size() >= KEYS_MAX) throw new Problem(ErrorCode.TOO_MANY, "The organisation has " + KEYS_MAX + " keys.", "Remove one first.");
            if (known.stream().anyMatch(each -> each.text("name").equals(wanted))) throw new Problem(ErrorCode.BAD_REQUEST, "The organisation has a key of that name.", "Rotate that one, or choose another name.");
            var id = freshId();
            var secret = freshSecret();
            write(change(caller, Kind.KEY, id, "organisation", of, "name", wanted, "removed", false), secretOf(id, secret, caller));
            return new Shown(find(Kind.KEY, id, caller), secret);
        }
    }

    /// A second secret for the key: both open, until the first is revoked.
    public Shown rotateKey(String asked, Caller caller) {
        var key = find(Kind.KEY, asked, caller);
        caller.requireChanges(organisation(key));
        synchronized (this) {
            if (secrets(key).size() >= SECRETS_LIVE)
                throw new Problem(ErrorCode.BAD_REQUEST, "The key has " + SECRETS_LIVE + " live secrets already.", "Revoke the older one first: `waggle hub key revoke " + key.id() + " --secret ID`.");
            var secret = freshSecret();
            write(secretOf(key.id(), secret, caller));
            return new Shown(key, secret);
        }
    }

    private String freshSecret() {
        return KEY_PREFIX + Hex.of(node.random(SECRET_BYTES));
    }

    /// 256 random bits need no slow hash.
    private AccountChange secretOf(String key, String secret, Caller caller) {
        return change(caller, Kind.SECRET, freshId(), "key", key, "hash", hash(secret), "hint", secret.substring(0, KEY_PREFIX.length() + 4), "created_ms", node.nowMs(), "removed", false);
    }

    private static String hash(String secret) {
        return Hex.of(Sha256.of(secret.getBytes(StandardCharsets.UTF_8)));
    }

    /// The live secrets of a key, oldest first.
    public List<Account> secrets(Account key) {
        return ask(view -> view.live(Kind.SECRET), List.<Account>of()).stream().filter(each -> each.text("key").equals(key.id()))
            .sorted(Comparator.comparing(each -> each.number("created_ms"))).toList();
    }

    /// Nobody comes in with it any more, and who did is shown out.
    ///
    /// @param secret one of its secrets; empty for the whole key
    public void revokeKey(String asked, Optional<String> secret, Caller caller) {
        var key = find(Kind.KEY, asked, caller);
        caller.requireChanges(organisation(key));
        if (secret.isEmpty()) {
            write(change(caller, Kind.KEY, key.id(), "removed", true));
            return;
        }
        var found = secrets(key).stream().filter(each -> each.id().equals(secret.get()) || each.text("hint").equals(secret.get())).findFirst()
            .orElseThrow(() -> new Problem(ErrorCode.NOT_FOUND, "The key has no such secret.", "`waggle hub key list` names them."));
        write(change(caller, Kind.SECRET, found.id(), "removed", true));
    }

    /// What a key opens: everything on its way is live.
    record Opened(String secret, String key, String organisation) {}

    Optional<Opened> open(String secret) {
        if (!secret.startsWith(KEY_PREFIX) || secret.length() > 200) return Optional.empty();
        return ask(view -> view.secret(hash(secret)).map(found -> new Opened(found.id(), found.text("key"), "")), Optional.<Opened>empty()).flatMap(this::live);
    }

    /// The same, if it still is.
    Optional<Opened> live(Opened opened) {
        return ask(view -> view.find(Kind.SECRET, opened.secret()).filter(Account::isLive).flatMap(_ -> view.find(Kind.KEY, opened.key())).filter(Account::isLive)
            .flatMap(key -> view.find(Kind.ORGANISATION, key.text("organisation"))).filter(Account::isLive).map(of -> new Opened(opened.secret(), opened.key(), of.id())), Optional.<Opened>empty());
    }
}
