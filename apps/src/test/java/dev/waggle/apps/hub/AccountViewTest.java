package dev.waggle.apps.hub;

import dev.waggle.core.Property;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.TestKeys;
import dev.waggle.core.log.TestSpace;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// A hub's accounts, as they follow from its log.
class AccountViewTest {
    private final TestSpace space = new TestSpace();
    private long nowMs = TestSpace.NOW;

    private EventLog log() {
        var log = new MemoryEventLog(space.id, new TestKeys(), space::fresh);
        log.append(List.of(space.genesis), nowMs);
        return log;
    }

    private static Draft change(Kind kind, String id, Object... namesAndValues) {
        return new AccountChange(kind, id, Json.object(namesAndValues).members(), "operator").draft();
    }

    private Event write(EventLog log, Author author, Draft draft) {
        return log.write(author, List.of(draft), List.of(), Map.of(), nowMs++).getFirst().event();
    }

    private static AccountView view(EventLog log) {
        var view = new AccountView(log);
        for (var entry : all(log)) view.apply(entry);
        return view;
    }

    private static List<Entry> all(EventLog log) {
        return log.read(0, 10_000, 1 << 24);
    }

    @Test void the_last_value_of_each_field_is_shown() {
        var log = log();
        write(log, space.owner, change(Kind.ORGANISATION, "aa", "name", "acme", "removed", false));
        write(log, space.owner, change(Kind.USER, "01", "organisation", "aa", "email", "ann@example.com", "role", "member", "password", "x", "removed", false));
        write(log, space.owner, change(Kind.USER, "01", "role", "admin"));
        var view = view(log);
        assertThat(view.find(Kind.USER, "01").orElseThrow()).satisfies(user -> {
            assertThat(user.text("role")).isEqualTo("admin");
            assertThat(user.text("email")).isEqualTo("ann@example.com");
            assertThat(user.isLive()).isTrue();
        });
        assertThat(view.user("ann@example.com")).isPresent();
        write(log, space.owner, change(Kind.USER, "01", "removed", true));
        all(log).forEach(view::apply);
        assertThat(view.user("ann@example.com")).isEmpty();
        assertThat(view.live(Kind.USER)).isEmpty();
        assertThat(view.find(Kind.USER, "01")).as("for the audit it is still there").isPresent();
    }

    @Test void a_secret_is_found_by_its_hash_until_it_is_revoked() {
        var log = log();
        write(log, space.owner, change(Kind.SECRET, "5e", "key", "0e", "hash", "abcd", "removed", false));
        assertThat(view(log).secret("abcd")).isPresent();
        assertThat(view(log).secret("abce")).isEmpty();
        write(log, space.owner, change(Kind.SECRET, "5e", "removed", true));
        assertThat(view(log).secret("abcd")).isEmpty();
    }

    @Test void two_hubs_show_the_same_whatever_arrives_first() {
        Property.check(200, random -> {
            var one = log();
            write(one, space.owner, TestSpace.member(space.writer, Role.MODERATOR));
            var two = log();
            two.append(events(one), nowMs);
            for (int i = 0; i < 30; i++) {
                var at = random.nextBoolean() ? one : two;
                var kind = Kind.values()[random.nextInt(3)];
                write(at, at == one ? space.owner : space.writer, change(kind, "0" + random.nextInt(3), "name", "n" + i, "email", "e" + random.nextInt(2), "removed", random.nextInt(4) == 0));
                if (random.nextInt(10) == 0) two.append(events(one), nowMs);
            }
            var mixed = new ArrayList<>(events(one));
            mixed.addAll(events(two));
            Collections.shuffle(mixed, new java.util.Random(random.nextLong()));
            var third = new MemoryEventLog(space.id, new TestKeys(), space::fresh);
            third.append(mixed, nowMs);
            one.append(events(two), nowMs);
            assertThat(shown(view(one))).isEqualTo(shown(view(third)));
        });
    }

    private static List<Event> events(EventLog log) {
        return all(log).stream().filter(Entry.Admitted.class::isInstance).map(entry -> ((Entry.Admitted) entry).event()).toList();
    }

    private static Map<Kind, List<Account>> shown(AccountView view) {
        var shown = new TreeMap<Kind, List<Account>>();
        for (var kind : Kind.values()) shown.put(kind, view.live(kind));
        return shown;
    }

    @Test void what_a_removed_hub_wrote_beyond_its_cut_counts_no_more() {
        var log = log();
        write(log, space.owner, TestSpace.member(space.writer, Role.WRITER));
        write(log, space.owner, change(Kind.KEY, "0e", "name", "berlin", "removed", false));
        write(log, space.writer, change(Kind.KEY, "0e", "name", "stolen"));
        var view = view(log);
        assertThat(view.find(Kind.KEY, "0e").orElseThrow().text("name")).isEqualTo("stolen");
        write(log, space.owner, new Draft(ControlType.MEMBER_REMOVED, Json.object("subject", space.writer.signer().node().hex(), "cuts", Json.array(List.of()))));
        all(log).forEach(view::apply);
        assertThat(view.find(Kind.KEY, "0e").orElseThrow().text("name")).as("what was before").isEqualTo("berlin");
        assertThat(shown(view)).isEqualTo(shown(view(log)));
    }

    @Test void what_is_malformed_changes_nothing_and_is_counted() {
        var log = log();
        write(log, space.owner, new Draft("key_changed", Json.object("id", "0e", "by", "operator", "fields", Json.object("name", Json.array(List.of())))));
        write(log, space.owner, new Draft("key_changed", Json.object("id", "not an id", "by", "operator", "fields", Json.object("name", "x"))));
        write(log, space.owner, new Draft("key_changed", Json.object("id", "0e", "fields", Json.object("name", "x"))));
        write(log, space.owner, new Draft("something_else", Json.object("id", "0e")));
        var view = view(log);
        assertThat(view.live(Kind.KEY)).isEmpty();
        assertThat(view.quarantined()).isEqualTo(3);
    }

    @Test void limits_refuse_what_is_too_large_before_it_is_written() {
        assertThatThrownBy(() -> change(Kind.KEY, "0e", "name", "x".repeat(AccountChange.TEXT_MAX + 1))).isInstanceOf(MalformedPayload.class);
        assertThatThrownBy(() -> change(Kind.KEY, "0e".repeat(40), "name", "x")).isInstanceOf(MalformedPayload.class);
        assertThatThrownBy(() -> change(Kind.KEY, "0e")).isInstanceOf(MalformedPayload.class);
        assertThatThrownBy(() -> change(Kind.KEY, "0e", "Name", "x")).isInstanceOf(MalformedPayload.class);
    }
}
