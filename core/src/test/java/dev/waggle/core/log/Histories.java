package dev.waggle.core.log;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Random histories of a space in an order in which each event comes after its causes: several authors with merges, forks, control events, a
/// rebase, and events that every node refuses. All stamps lie before [TestSpace#NOW] plus a few minutes, so nothing is held.
final class Histories {
    private Histories() {}

    static List<Event> of(TestSpace space, Event added, Random random) {
        var history = new ArrayList<>(List.of(space.genesis, added));
        var authors = new ArrayList<>(List.of(space.owner, space.writer));
        Map<Author, Event> tips = new HashMap<>();
        Map<Author, List<EventId>> control = new HashMap<>();
        tips.put(space.owner, added);
        List<EventId> newest = List.of(added.id());
        boolean rebased = false;
        for (int i = 0; i < 40; i++) {
            var author = authors.get(random.nextInt(authors.size()));
            var before = tips.get(author);
            if (random.nextInt(4) == 0 || !control.containsKey(author)) control.put(author, newest);
            var writing = space.after(before, author).control(control.get(author)).text("event " + i);
            for (var other : authors)
                if (other != author && tips.containsKey(other) && random.nextInt(5) == 0) writing.merging(tips.get(other));
            int kind = random.nextInt(20);
            if (kind == 0 && author == space.owner) {
                var third = TestSpace.author("author " + i);
                var role = Role.values()[1 + random.nextInt(4)];
                writing.control(newest).draft(TestSpace.member(third, role));
                if (role.mayWrite()) authors.add(third);
            } else if (kind == 1 && before != null && before.seq() > 1) {
                history.add(space.after(before, author).control(control.get(author)).text("fork " + i).event());
                continue;
            } else if (kind == 2) {
                history.add(space.after(before, space.stranger).control(newest).epoch(TestSpace.epoch("stranger " + i)).seq(1).event());
                continue;
            } else if (kind == 3 && author == space.writer && before != null && !rebased) {
                rebased = true;
                var last = random.nextBoolean() ? Optional.of(before.ref()) : Optional.<dev.waggle.core.event.EventRef>empty();
                history.add(space.after(before, author).text("beyond").control(control.get(author)).event());
                history.add(space.after(null, author).control(control.get(author)).epoch(TestSpace.epoch("renewed " + i))
                    .draft(new Draft(ControlType.REBASE, EventRules.Rebase.body(before.chain(), last))).event());
                continue;
            } else if (kind == 4 && author != space.owner && before != null && random.nextInt(3) == 0) {
                writing.control(newest).draft(new Draft(ControlType.MEMBER_LEFT, Json.object()));
                authors.remove(author);
            }
            var event = writing.event();
            history.add(event);
            tips.put(author, event);
            if (ControlType.isControl(event.type())) {
                newest = List.of(event.id());
                control.put(author, newest);
            }
        }
        return history;
    }
}
