package dev.waggle.node.account;

import dev.waggle.apps.hub.Account;
import dev.waggle.apps.hub.Kind;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Sha256;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Who is signed in at this hub. In memory: a hub that starts again has everybody sign in again. A session ends after [#SESSION_MS], when its user signs out, is removed, or
/// gets another password. Thread-safe.
public final class SignIns {
    public static final String TOKEN_PREFIX = "waggle_user_";
    static final long SESSION_MS = 12 * 3_600_000L;
    private static final int SESSIONS_MAX = 10_000;
    private static final int TOKEN_BYTES = 32;

    private final Accounts accounts;
    private final String nobody;                                          // what an unknown user's password is compared with: it takes as long
    private final Map<String, Session> sessions = new LinkedHashMap<>() {
        @Override protected boolean removeEldestEntry(Map.Entry<String, Session> eldest) {
            return size() > SESSIONS_MAX;
        }
    };

    private record Session(String user, String password, long untilMs) {}

    public SignIns(Accounts accounts) {
        this.accounts = accounts;
        this.nobody = Password.hash("nobody has this password", accounts.node().random(Password.SALT_BYTES));
    }

    /// @param token what the user's programs send; told now and never again
    public record SignedIn(Account user, String token, long untilMs) {}

    /// @throws Problem with one answer, whatever is wrong
    public SignedIn signIn(String email, String password) {
        var user = accounts.ask(view -> view.user(email.strip().toLowerCase(Locale.ROOT)), Optional.<Account>empty());
        boolean good = password.length() <= Password.CHARS_MAX && Password.matches(password, user.map(each -> each.text("password")).orElse(nobody));
        if (user.isEmpty() || !good || !isOpen(user.get())) throw new Problem(ErrorCode.UNAUTHORISED, "The e-mail address or the password is wrong.", "Try again, or ask an admin of the organisation for a new password.");
        var token = TOKEN_PREFIX + Hex.of(accounts.node().random(TOKEN_BYTES));
        long untilMs = accounts.node().nowMs() + SESSION_MS;
        accounts.signedIn(user.get());
        synchronized (this) {
            sessions.put(hash(token), new Session(user.get().id(), user.get().text("password"), untilMs));
        }
        return new SignedIn(user.get(), token, untilMs);
    }

    private boolean isOpen(Account user) {
        return accounts.ask(view -> view.find(Kind.ORGANISATION, user.text("organisation")), Optional.<Account>empty()).filter(Account::isLive).isPresent();
    }

    public synchronized void signOut(String token) {
        sessions.remove(hash(token));
    }

    /// Whose token this is, if it still opens something.
    public Optional<Caller.User> caller(String token) {
        if (!token.startsWith(TOKEN_PREFIX)) return Optional.empty();
        Session session;
        synchronized (this) {
            session = sessions.get(hash(token));
        }
        if (session == null || session.untilMs < accounts.node().nowMs()) return Optional.empty();
        return accounts.ask(view -> view.find(Kind.USER, session.user), Optional.<Account>empty()).filter(Account::isLive).filter(user -> user.text("password").equals(session.password))
            .filter(this::isOpen).map(user -> new Caller.User(user.id(), user.text("organisation"), user.text("role").equals("admin")));
    }

    private static String hash(String token) {
        return Hex.of(Sha256.of(token.getBytes(StandardCharsets.UTF_8)));
    }
}
