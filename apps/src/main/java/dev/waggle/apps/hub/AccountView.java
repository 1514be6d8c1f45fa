package dev.waggle.apps.hub;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Verdict;
import dev.waggle.core.time.Hlc;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The accounts of a hub, in memory: tens of thousands of small ones, however long the log of their changes is. They are a pure function of the events that count; when
/// one that counted turns void, or the other way round, the log is read again. One thread.
public final class AccountView {
    private static final int PIECE_ENTRIES = 1_000;
    private static final int PIECE_BYTES = 1 << 20;

    private final EventLog log;
    private final Map<Kind, SortedMap<String, SortedMap<String, Register>>> accounts = new EnumMap<>(Kind.class);
    private final Map<String, String> secrets = new TreeMap<>();          // by hash
    private long offset;
    private long quarantined;

    private record Stamp(Hlc ts, NodeId origin, EventId id) implements Comparable<Stamp> {
        private static final Comparator<Stamp> ORDER = Comparator.comparing(Stamp::ts).thenComparing(Stamp::origin).thenComparing(Stamp::id);

        @Override public int compareTo(Stamp other) {
            return ORDER.compare(this, other);
        }
    }

    private record Register(Stamp stamp, Json value) {}

    public AccountView(EventLog log) {
        this.log = log;
    }

    /// Up to where the log is in it.
    public long offset() {
        return offset;
    }

    /// Events of these types that are not what they should be. They change nothing.
    public long quarantined() {
        return quarantined;
    }

    /// Folds one entry. Those that were folded before change nothing.
    public void apply(Entry entry) {
        if (entry.offset() <= offset) return;
        offset = entry.offset();
        switch (entry) {
            case Entry.Admitted(_, var event, var verdict) -> {
                if (verdict == Verdict.COUNTS) fold(event);
            }
            case Entry.VerdictChanged _ -> anew();
        }
    }

    /// What is read again is worth what it is worth now.
    private void anew() {
        accounts.clear();
        secrets.clear();
        quarantined = 0;
        for (long at = 0; at < offset; ) {
            var entries = log.read(at, PIECE_ENTRIES, PIECE_BYTES);
            if (entries.isEmpty()) return;
            for (var entry : entries)
                if (entry.offset() <= offset && entry instanceof Entry.Admitted(_, var event, var verdict) && verdict == Verdict.COUNTS) fold(event);
            at = entries.getLast().offset();
        }
    }

    private void fold(Event event) {
        try {
            AccountChange.read(event).ifPresent(change -> fold(change, new Stamp(event.envelope().ts(), event.chain().origin(), event.id())));
        } catch (MalformedPayload _) {
            quarantined++;
        }
    }

    private void fold(AccountChange change, Stamp stamp) {
        var fields = accounts.computeIfAbsent(change.kind(), _ -> new TreeMap<>()).computeIfAbsent(change.id(), _ -> new TreeMap<>());
        change.fields().forEach((name, value) -> fields.merge(name, new Register(stamp, value), (before, now) -> before.stamp.compareTo(now.stamp) > 0 ? before : now));
        if (change.kind() == Kind.SECRET && fields.containsKey("hash") && fields.get("hash").value instanceof Json.Str(var hash)) secrets.put(hash, change.id());
    }

    public Optional<Account> find(Kind kind, String id) {
        return Optional.ofNullable(accounts.getOrDefault(kind, new TreeMap<>()).get(id)).map(fields -> account(kind, id, fields));
    }

    /// Those that were not removed, by id.
    public List<Account> live(Kind kind) {
        return accounts.getOrDefault(kind, new TreeMap<>()).entrySet().stream().map(each -> account(kind, each.getKey(), each.getValue())).filter(Account::isLive).toList();
    }

    public Optional<Account> secret(String hash) {
        return Optional.ofNullable(secrets.get(hash)).flatMap(id -> find(Kind.SECRET, id)).filter(Account::isLive);
    }

    public Optional<Account> user(String email) {
        return live(Kind.USER).stream().filter(user -> user.text("email").equals(email)).findFirst();
    }

    private static Account account(Kind kind, String id, SortedMap<String, Register> fields) {
        var values = new TreeMap<String, Json>();
        fields.forEach((name, register) -> values.put(name, register.value));
        return new Account(kind, id, values);
    }
}
