package dev.waggle.sim;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Verdict;
import dev.waggle.sim.oracle.Oracle;
import dev.waggle.sim.oracle.Rights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// What must hold when a run ends.
final class Judge {
    private static final int REBUILT_MAX = 2;
    private final Simulation simulation;
    private final List<SimNode> honest;

    Judge(Simulation simulation) {
        this.simulation = simulation;
        this.honest = simulation.nodes().stream().filter(node -> node.isHonest() && node.log() != null).toList();
    }

    /// At any moment: what was acknowledged here is here, and a view is a function of its log.
    void safety() {
        for (var acknowledged : simulation.ledger.acknowledged())
            if (!acknowledged.by().restored && !acknowledged.by().keeps(acknowledged.event()))
                simulation.fail("I1 node " + acknowledged.by().index + " lost " + acknowledged.event() + ", which it had acknowledged", null);
        int rebuilt = 0;
        for (var node : honest) {
            node.audit().step();
            if (node.isUp() && !node.log().storage().isDamaged() && !node.file().hasUndrained() && rebuilt++ < REBUILT_MAX) rebuilt(node);
        }
        simulation.count("judged in the middle of it");
    }

    /// After the faults: everybody has everything and shows the same.
    void liveness() {
        var leftovers = new Leftovers(simulation);
        simulation.count("workload " + simulation.workload().name());
        var groups = new LinkedHashMap<List<EventRef>, List<SimNode>>();
        for (var node : honest) groups.computeIfAbsent(node.tips(), _ -> new ArrayList<>()).add(node);
        if (groups.size() > 1) simulation.once("logs differ until a liar's stamp has come");
        for (var each : simulation.ledger.acknowledged())
            for (var node : honest)
                if (!node.holds(each.event()) && !leftovers.excuse(each.event()))
                    simulation.fail("I1 node " + node.index + " lacks " + each.event() + ", acknowledged by node " + each.by().index, null);
        groups.values().forEach(this::showTheSame);
        honest.forEach(this::believed);
        if (simulation.ledger.acknowledged().isEmpty()) simulation.count("nothing written");
    }

    /// What counts was written by now: whoever is honest took back what a clock years ahead stamped. Not who handed the ownership over with such a clock.
    private void believed(SimNode node) {
        var early = new ArrayList<Event>();
        for (var entry : node.log().read(0, Integer.MAX_VALUE, Integer.MAX_VALUE))
            if (entry instanceof Entry.Admitted(_, var event, var verdict) && verdict == Verdict.COUNTS && event.envelope().ts().wallMs() > node.wallMs() + EventLog.FUTURE_MS_MAX
                && honest.stream().anyMatch(author -> author.id().equals(event.chain().origin()))) early.add(event);
        var handedOver = early.stream().filter(event -> event.type().equals(ControlType.OWNERSHIP_TRANSFERRED)).map(event -> event.chain().origin()).toList();
        early.stream().filter(event -> !handedOver.contains(event.chain().origin())).findFirst().ifPresent(event ->
            simulation.fail("node " + node.index + " ends with " + event + ", stamped " + (event.envelope().ts().wallMs() - node.wallMs()) + " ms in its future", null));
    }

    /// @param equal nodes whose logs are equal
    private void showTheSame(List<SimNode> equal) {
        var first = equal.getFirst();
        var answer = Oracle.of(first.log(), simulation.workload().database().rules());
        answer.conflicts().lines().forEach(line -> simulation.count("conflict " + line.substring(0, line.indexOf(' '))));
        verdicts(first);
        int rebuilt = 0;
        for (var node : equal) {
            if (!node.log().state().members().equals(first.log().state().members()))
                simulation.fail("I2 nodes " + first.index + " and " + node.index + " know different members", null);
            same("I2 nodes " + first.index + " and " + node.index + " show different rows", first.file().content(), node.file().content());
            same("I2 nodes " + first.index + " and " + node.index + " list different conflicts", first.file().conflicts(), node.file().conflicts());
            asTheOracleSays(node, answer);
            node.audit().step();
            if (node.file().quarantined() > 0) simulation.once("quarantine");
            if (rebuilt++ < REBUILT_MAX) rebuilt(node);
        }
    }

    /// What each event is worth is what the rules say, worked out a second time.
    private void verdicts(SimNode node) {
        var admitted = new ArrayList<Event>();
        var voids = new TreeSet<String>();
        for (var entry : node.log().read(0, Integer.MAX_VALUE, Integer.MAX_VALUE)) {
            if (!(entry instanceof Entry.Admitted(_, var event, var verdict))) continue;
            admitted.add(event);
            if (verdict == Verdict.VOID) voids.add(event.id().hex());
        }
        same("I2 node " + node.index + " holds other events for void than the oracle", String.join("\n", Rights.voids(admitted)), String.join("\n", voids));
    }

    /// What nodes show is what the rules say, worked out a second time by somebody else.
    private void asTheOracleSays(SimNode node, Oracle.Answer answer) {
        same("I2 node " + node.index + " shows other rows than the oracle", lines(answer.rows()), lines(node.file().shown()));
        same("I2 node " + node.index + " lists other conflicts than the oracle", answer.conflicts(), node.file().conflicts());
        node.file().differsFromView().ifPresent(difference -> simulation.fail("I2 node " + node.index + ": " + difference, null));
        node.file().brokenConstraint().ifPresent(broken -> simulation.fail("I12 node " + node.index + ": " + broken, null));
    }

    private static String lines(Map<String, String> rows) {
        var out = new StringBuilder();
        rows.forEach((name, row) -> out.append(name).append(' ').append(row).append('\n'));
        return out.toString();
    }

    /// I8: a view made anew from the log shows the same.
    private void rebuilt(SimNode node) {
        node.follow();
        if (!node.isUp()) return;
        var again = simulation.newFile(node.log());
        again.follow(node.author(), node.wallMs());
        same("I8 node " + node.index + ": a rebuilt view differs", node.file().content(), again.content());
        same("I8 node " + node.index + ": a rebuilt view has other conflicts", node.file().conflicts(), again.conflicts());
    }

    private void same(String what, String left, String right) {
        if (!left.equals(right)) simulation.fail(what + ":\n" + difference(left, right), null);
    }

    private static String difference(String left, String right) {
        var out = new StringBuilder();
        var leftLines = List.of(left.split("\n"));
        var rightLines = List.of(right.split("\n"));
        leftLines.stream().filter(line -> !rightLines.contains(line)).limit(5).forEach(line -> out.append("- ").append(line).append('\n'));
        rightLines.stream().filter(line -> !leftLines.contains(line)).limit(5).forEach(line -> out.append("+ ").append(line).append('\n'));
        return out.toString();
    }
}
