package dev.waggle.node.rest;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Which entries of a log are wanted. Most that are not are told by their bytes, because parsing all of a long log takes seconds: a payload is canonical, so whatever has a member has
/// its name and value as these bytes. Others may have them, too (in what an app wrote): those are parsed.
final class LogFilter implements Predicate<Entry> {
    /// What no payload holds.
    private static final byte[] NOWHERE = {0};
    private final String type;
    private final String origin;
    private final String verdict;
    private final byte[] typeBytes;
    private final byte[] originBytes;

    /// @param type    empty for any
    /// @param origin  what the id of the writer's node begins with
    /// @param verdict `counts` or `void`; empty for any
    LogFilter(String type, String origin, String verdict) {
        if (!List.of("", "counts", "void").contains(verdict)) throw new Problem(ErrorCode.BAD_REQUEST, "There is no such verdict.", "Choose counts or void.");
        this.type = type;
        this.origin = origin;
        this.verdict = verdict;
        this.typeBytes = member("type", type, 1);
        this.originBytes = member("origin", origin, 2);
    }

    /// The bytes of a member.
    ///
    /// @param open how many characters at the end of its object are left out: 1 for the whole value, 2 for what it begins with
    private static byte[] member(String name, String value, int open) {
        var text = Canonical.text(Json.object(name, value));
        return text.substring(1, text.length() - open).getBytes(StandardCharsets.UTF_8);
    }

    @Override public boolean test(Entry entry) {
        return switch (entry) {
            case Entry.Admitted(var _, var event, var is) -> (verdict.isEmpty() || is.name().equalsIgnoreCase(verdict)) && mayBe(event)
                && (type.isEmpty() || event.type().equals(type)) && event.chain().origin().hex().startsWith(origin);
            case Entry.VerdictChanged(var _, var chain, var _, var _, var _, var is) -> (verdict.isEmpty() || is.name().equalsIgnoreCase(verdict))
                && (type.isEmpty() || type.equals("verdict_changed")) && chain.origin().hex().startsWith(origin);
        };
    }

    /// Bytes that every wanted event's payload holds, for a store that looks for them by itself; empty when there are none.
    Optional<byte[]> bytes(EventLog log) {
        if (!type.isEmpty()) return Optional.of(typeBytes);
        if (!origin.isEmpty()) return Optional.of(originBytes);
        return verdict.equals("void") && log.branches().stream().allMatch(branch -> branch.voids().ranges().isEmpty()) ? Optional.of(NOWHERE) : Optional.empty();
    }

    private boolean mayBe(Event event) {
        return (type.isEmpty() || holds(event.payload(), typeBytes)) && (origin.isEmpty() || holds(event.payload(), originBytes));
    }

    private static boolean holds(byte[] bytes, byte[] wanted) {
        next:
        for (int from = 0; from <= bytes.length - wanted.length; from++) {
            for (int i = 0; i < wanted.length; i++) if (bytes[from + i] != wanted[i]) continue next;
            return true;
        }
        return false;
    }
}
