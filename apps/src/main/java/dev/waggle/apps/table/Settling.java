package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Brings everything up to date that touched records have an effect on (docs/decisions.md, "Constraints are judged in stages"):
///
/// 1. fold each touched record: is it present, and which row does it want
/// 2. a deleted record that a live record refers to comes back
/// 3. columns that refer to a record follow its key; unique keys go to the oldest record that wants them
/// 4. a record that lost a key or breaks a rule is kept out, and with it every record that refers to it
///
/// Stages 2 and 4 are least fixpoints. They are computed by reachability, not by counting, because records may refer to one another in circles.
/// The result is what settling the whole store from scratch would give; only what can have changed is looked at.
final class Settling {
    private final RecordStore store;
    private final Constraints constraints;
    private final Facts before;
    private final Facts now;
    private final Map<Long, Touched> touched;
    private final Map<String, List<Facts.Referring>> referring = new HashMap<>();

    /// @param before the facts at the last settling: claims made then are withdrawn by its schemas
    Settling(RecordStore store, Constraints constraints, Facts before, Facts now, Map<Long, Touched> touched) {
        this.store = store;
        this.constraints = constraints;
        this.before = before;
        this.now = now;
        this.touched = touched;
    }

    Collection<Touched> run() {
        fold();
        var revived = revive();
        follow();
        contend();
        keepOut(revived);
        return touched.values();
    }

    private List<Touched> snapshot() {
        return List.copyOf(touched.values());
    }

    private Touched touch(long number) {
        return touched.computeIfAbsent(number, n -> new Touched(store.get(n), false));
    }

    private Folded folded(long number) {
        var touch = touched.get(number);
        return touch != null ? touch.folded : store.get(number).folded();
    }

    // Stage 1

    private void fold() {
        for (var touch : snapshot()) {
            if (touch.refold) touch.folded = refolded(touch.before.id(), store.changes(touch.number)).folded();
            relink(touch);
        }
    }

    Fold.Result refolded(RecordId id, List<Change> changes) {
        return refolded(id, changes, now, constraints);
    }

    static Fold.Result refolded(RecordId id, List<Change> changes, Facts facts, Constraints constraints) {
        var table = Fold.table(id, changes);
        return Fold.fold(table, changes, rules(table, facts, constraints));
    }

    private static Fold.Rules rules(String table, Facts facts, Constraints constraints) {
        var schema = facts.schema(table);
        return new Fold.Rules(facts.policy(table), facts.moderators(), schema, row -> schema.isEmpty() || constraints.violation(schema.get(), row).isEmpty());
    }

    /// As above, and which change each value is from.
    static Fold.Origins origins(RecordId id, List<Change> changes, Facts facts, Constraints constraints) {
        var table = Fold.table(id, changes);
        return Fold.origins(table, changes, rules(table, facts, constraints));
    }

    private void relink(Touched touch) {
        var old = touch.before.folded().refs();
        var refs = touch.folded.refs();
        if (old.equals(refs)) return;
        for (long parent : new HashSet<>(refs.values())) if (!old.containsValue(parent)) store.link(parent, touch.number);
        for (long parent : new HashSet<>(old.values())) if (!refs.containsValue(parent)) store.unlink(parent, touch.number);
    }

    // Stage 2

    /// @return records whose being alive changed
    private List<Touched> revive() {
        for (var touch : snapshot()) {
            var was = touch.before.folded();
            if (was.refs().isEmpty() && touch.folded.refs().isEmpty()) continue;
            if (was.present() == touch.folded.present() && was.hasRow() == touch.folded.hasRow() && was.refs().equals(touch.folded.refs())) continue;
            var parents = new HashSet<>(was.refs().values());
            parents.addAll(touch.folded.refs().values());
            parents.forEach(this::touchDeletedAncestors);
        }
        var changed = new ArrayList<Touched>();
        for (var touch : snapshot()) {
            boolean was = touch.before.isAlive();
            touch.alive = touch.folded.hasRow() && (touch.folded.present() || isReferredTo(touch.number));
            if (touch.alive != was) changed.add(touch);
        }
        return changed;
    }

    /// Only deleted records depend on who refers to them.
    private void touchDeletedAncestors(long number) {
        var queue = new ArrayDeque<>(List.of(number));
        var seen = new HashSet<Long>();
        while (!queue.isEmpty()) {
            long next = queue.remove();
            if (!seen.add(next) || folded(next).present()) continue;
            touch(next);
            queue.addAll(folded(next).refs().values());
        }
    }

    /// True when a live record refers to it, itself or through deleted ones that come back with it.
    private boolean isReferredTo(long number) {
        var queue = new ArrayDeque<>(List.of(number));
        var seen = new HashSet<>(List.of(number));
        while (!queue.isEmpty()) {
            for (long child : store.children(queue.remove())) {
                var folded = folded(child);
                if (folded.present()) return true;
                if (folded.hasRow() && seen.add(child)) queue.add(child);
            }
        }
        return false;
    }

    // Stage 3

    private void follow() {
        var queue = new ArrayDeque<>(snapshot());
        while (!queue.isEmpty()) {
            var touch = queue.remove();
            var followed = touch.alive ? followed(touch) : Collections.<String, Value>emptySortedMap();
            var old = touch.settled;
            if (!followed.isEmpty() || !old.followed().isEmpty()) touch.settled = new RecordState.Settled(old.status(), old.lost(), old.broken(), followed);
            touch.wanted = touch.alive ? Optional.of(touch.now().wanted()) : Optional.empty();
            if (touch.fresh || followed.equals(touch.before.settled().followed()) && !keyColumnsChanged(touch)) continue;
            for (long child : store.children(touch.number)) if (!touched.containsKey(child)) queue.add(touch(child));
        }
    }

    /// Whether columns that others refer to say something else than before.
    private boolean keyColumnsChanged(Touched touch) {
        if (touch.folded == touch.before.folded()) return false;
        if (touch.before.folded().hasRow() != touch.folded.hasRow()) return true;
        for (var foreign : referring(touch.folded.table()))
            for (var column : foreign.key().parentColumns())
                if (!java.util.Objects.equals(touch.folded.row().get(column), touch.before.folded().row().get(column))) return true;
        return false;
    }

    private List<Facts.Referring> referring(String table) {
        return referring.computeIfAbsent(table, now::referring);
    }

    /// The foreign key columns that differ from what the row says because the record referred to has another key now. One that refers to a unique
    /// column that became NULL shows NULL.
    private SortedMap<String, Value> followed(Touched touch) {
        var schema = now.schema(touch.folded.table());
        if (schema.isEmpty() || touch.folded.refs().isEmpty()) return Collections.emptySortedMap();
        var followed = new TreeMap<String, Value>();
        for (var key : schema.get().foreignKeys()) {
            if (!touch.folded.refs().containsKey(key.id())) continue;
            for (var column : key.columns()) {
                var own = touch.folded.row().get(column);
                var target = referredValue(touch.number, column);
                if (own == null || followed.containsKey(column) || target.isEmpty()) continue;
                var value = Constraints.stored(Constraints.type(schema.get(), column), target.get().value);
                if (!target.get().isNamedBy(own) && !target.get().sameKey(value, own)) followed.put(column, value);
            }
        }
        return followed;
    }

    /// @param type as the column that holds the value is declared
    private record Target(Value value, String type, String collation) {
        /// SQLite compares a foreign key with the type of the parent's column: 1 in an untyped column names the row '1' of a text column, and stays 1.
        boolean isNamedBy(Value own) {
            return sameKey(value, Constraints.stored(type, own));
        }

        boolean sameKey(Value one, Value other) {
            return KeyBytes.normal(one, collation).equals(KeyBytes.normal(other, collation));
        }
    }

    private record Place(long number, String column) {}

    /// Follows (record, column) to the column it refers to, and so on to the end; a circle leaves every value as it is.
    private Optional<Target> referredValue(long number, String column) {
        var seen = new HashSet<Place>();
        var place = new Place(number, column);
        while (seen.add(place)) {
            var next = step(place);
            if (next.isEmpty()) {
                if (place.number == number && place.column.equals(column)) return Optional.empty();
                var folded = folded(place.number);
                var value = folded.row().get(place.column);
                var terminal = place.column;
                var schema = now.schema(folded.table());
                return value == null ? Optional.empty() : Optional.of(new Target(value,
                    schema.map(table -> Constraints.type(table, terminal)).orElse(""), schema.map(table -> Constraints.collation(table, terminal)).orElse("BINARY")));
            }
            place = next.get();
        }
        return Optional.empty();
    }

    private Optional<Place> step(Place place) {
        var folded = folded(place.number);
        var schema = now.schema(folded.table());
        if (schema.isEmpty()) return Optional.empty();
        for (var key : schema.get().foreignKeys()) {
            int index = key.columns().indexOf(place.column);
            var parent = folded.refs().get(key.id());
            if (index < 0 || parent == null) continue;
            var target = folded(parent);
            if (target.hasRow() && target.table().equals(key.parent()) && target.row().containsKey(key.parentColumns().get(index)))
                return Optional.of(new Place(parent, key.parentColumns().get(index)));
        }
        return Optional.empty();
    }

    /// Gives unique keys to the oldest record that wants them.
    private void contend() {
        var contended = new TreeMap<byte[], List<Long>>(Arrays::compareUnsigned);
        for (var touch : snapshot()) claim(touch, contended);
        contended.replaceAll((key, _) -> store.claimants(key));
        contended.values().forEach(claimants -> claimants.forEach(this::touchForClaims));
        for (var touch : snapshot()) {
            boolean lost = touch.settled.lost();                // stands unless it wants other keys now, or somebody came to its keys or went
            if (touch.claimsChanged || isAny(touch.claims, contended)) lost = isLost(touch, contended);
            boolean broken = touch.alive && isBroken(touch);
            touch.settled = touch.settled.with(lost, broken);
        }
    }

    private static boolean isAny(List<byte[]> keys, Map<byte[], List<Long>> contended) {
        if (!contended.isEmpty()) for (var key : keys) if (contended.containsKey(key)) return true;
        return false;
    }

    private boolean isLost(Touched touch, Map<byte[], List<Long>> contended) {
        for (var key : touch.claims) {
            if (touch.fresh && !contended.containsKey(key)) continue;       // it came first to this key, and nobody after it
            if (!isOwner(touch.number, key, contended)) return true;
        }
        return false;
    }

    /// Writes the claims of one record; the keys for which something changed are noted.
    private void claim(Touched touch, Map<byte[], List<Long>> contended) {
        var old = touch.fresh ? List.<byte[]>of() : claims(touch.before, before);
        touch.claims = touch.wanted.isEmpty() ? List.of()
            : now.schema(touch.folded.table()).map(schema -> constraints.claims(schema, touch.wanted.get())).orElse(List.of());
        boolean aged = !touch.before.folded().created().equals(touch.folded.created());
        for (var key : old) {
            boolean kept = contains(touch.claims, key);
            touch.claimsChanged |= !kept;
            if (!kept) store.unclaim(key, touch.number);
            if (!kept || aged) contended.put(key, List.of());
        }
        for (var key : touch.claims) {
            if (contains(old, key)) continue;
            touch.claimsChanged = true;
            if (store.claim(key, touch.number)) contended.put(key, List.of());
        }
    }

    private void touchForClaims(long number) {
        if (touched.containsKey(number)) return;
        var touch = touch(number);
        touch.wanted = touch.alive ? Optional.of(touch.before.wanted()) : Optional.empty();
        touch.claims = claims(touch.before, now);
    }

    private List<byte[]> claims(RecordState state, Facts facts) {
        if (!state.isAlive()) return List.of();
        return facts.schema(state.folded().table()).map(schema -> constraints.claims(schema, state.wanted())).orElse(List.of());
    }

    private static boolean contains(List<byte[]> keys, byte[] key) {
        for (var one : keys) if (Arrays.equals(one, key)) return true;
        return false;
    }

    private boolean isOwner(long number, byte[] key, Map<byte[], List<Long>> contended) {
        var claimants = contended.containsKey(key) ? contended.get(key) : store.claimants(key);
        if (claimants.size() == 1) return true;
        var own = folded(number).created().orElseThrow();
        for (long other : claimants) if (other != number && folded(other).created().orElseThrow().compareTo(own) < 0) return false;
        return true;
    }

    /// A row of an unknown table waits like a broken one, without being a conflict.
    private boolean isBroken(Touched touch) {
        var schema = now.schema(touch.folded.table());
        if (schema.isEmpty()) return true;
        for (long parent : touch.folded.refs().values()) if (!folded(parent).hasRow()) return true;
        return constraints.violation(schema.get(), touch.wanted.orElseThrow()).isPresent();
    }

    // Stage 4

    private void keepOut(List<Touched> revived) {
        var changedLife = new HashSet<Long>();
        revived.forEach(touch -> changedLife.add(touch.number));
        var queue = new ArrayDeque<Long>();
        for (var touch : snapshot()) if (!touch.fresh && mayMoveChildren(touch, changedLife)) queue.add(touch.number);
        var moved = new HashSet<>(queue);
        while (!queue.isEmpty()) {                                      // every record that refers to one whose place may have changed
            for (long child : store.children(queue.remove())) {
                if (!moved.add(child)) continue;
                if (!touched.containsKey(child)) touchForOut(child);
                queue.add(child);
            }
        }
        var out = new ArrayDeque<Touched>();
        for (var touch : touched.values()) {
            touch.keptOut = touch.alive && (touch.settled.lost() || touch.settled.broken() || refersToKeptOut(touch));
            if (touch.keptOut) out.add(touch);
        }
        while (!out.isEmpty()) {
            for (long number : store.children(out.remove().number)) {
                var child = touched.get(number);
                if (child == null || !child.alive || child.keptOut) continue;
                child.keptOut = true;
                out.add(child);
            }
        }
        for (var touch : touched.values()) {
            var status = !touch.alive ? RecordState.Status.ABSENT : touch.keptOut ? RecordState.Status.KEPT_OUT : RecordState.Status.SHOWN;
            var settled = touch.settled;
            touch.settled = settled.with(status);
        }
    }

    private static boolean mayMoveChildren(Touched touch, HashSet<Long> changedLife) {
        var was = touch.before.settled();
        return changedLife.contains(touch.number) || was.lost() != touch.settled.lost() || was.broken() != touch.settled.broken()
            || !touch.before.folded().refs().equals(touch.folded.refs());
    }

    private void touchForOut(long number) {
        touchForClaims(number);
        var touch = touched.get(number);
        boolean broken = touch.alive && isBroken(touch);
        touch.settled = touch.settled.with(touch.settled.lost(), broken);
    }

    /// Of records that are not touched the status stands; touched ones are reached from their own parents.
    private boolean refersToKeptOut(Touched touch) {
        for (long parent : touch.folded.refs().values())
            if (!touched.containsKey(parent) && store.get(parent).settled().status() != RecordState.Status.SHOWN) return true;
        return false;
    }
}
