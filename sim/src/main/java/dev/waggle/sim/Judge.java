package dev.waggle.sim;

import java.util.List;

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
            if (node.isUp() && node.log().storage().damages().isEmpty() && !node.file().hasUndrained() && rebuilt++ < REBUILT_MAX) rebuilt(node);
        }
        simulation.count("judged in the middle of it");
    }

    /// After the faults: everybody has everything and shows the same.
    void liveness() {
        var acknowledged = simulation.ledger.acknowledged();
        var first = honest.getFirst();
        int rebuilt = 0;
        for (var node : honest) {
            for (var each : acknowledged)
                if (!node.holds(each.event())) simulation.fail("I1 node " + node.index + " lacks " + each.event() + ", acknowledged by node " + each.by().index, null);
            same("I2 nodes " + first.index + " and " + node.index + " show different rows", first.file().content(), node.file().content());
            same("I2 nodes " + first.index + " and " + node.index + " list different conflicts", first.file().conflicts(), node.file().conflicts());
            node.audit().step();
            if (rebuilt++ < REBUILT_MAX) rebuilt(node);
        }
        if (acknowledged.isEmpty()) simulation.count("nothing written");
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
