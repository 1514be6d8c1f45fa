package dev.waggle.lab.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Bytes on the wire, both ways together, from the TCP connection on: a new connection when there is nothing to sync, and when five rows changed on
/// each side among many.
final class Wire implements Question {
    private static final int ROWS_A_SIDE = 5;
    private static final long QUIET_MS = 1_500;

    @Override public String name() {
        return "wire";
    }

    @Override public List<Measure> ask(Setting setting, Path folder) throws Exception {
        var nothing = new ArrayList<Double>();
        var ten = new ArrayList<Double>();
        var reconnect = new ArrayList<Double>();
        try (var pair = Pair.open(setting, folder, setting.rows()); var a = Tasks.open(pair.fileA); var b = Tasks.open(pair.fileB)) {
            quiet(pair);
            for (int round = 0; round < setting.rounds(); round++) {
                long before = pair.bytes();
                pair.forwarder.cut();
                pair.b.run("sync", "now");
                quiet(pair);
                nothing.add((double) pair.bytes() - before);

                pair.forwarder.stop();
                for (int i = 0; i < ROWS_A_SIDE; i++) {
                    change(a, 1 + (round * 7 + i * 31) % setting.rows(), "a" + round);
                    change(b, 1 + (round * 11 + i * 37 + setting.rows() / 2) % setting.rows(), "b" + round);
                }
                pair.a.run("sync", "status");
                before = pair.bytes();
                pair.forwarder.start();
                long began = System.nanoTime();
                pair.b.run("sync", "now");
                reconnect.add((System.nanoTime() - began) / 1e6);
                quiet(pair);
                ten.add((double) pair.bytes() - before);
                pair.a.run("compare", pair.fileA.toString(), pair.fileB.toString());
            }
        }
        return List.of(
            Measure.alone("a new connection, nothing to sync", "bytes", "900", "1,024", nothing),
            Measure.alone("a new connection, ten differing rows in " + setting.rows(), "bytes", "8,000", "20,480", ten),
            Measure.alone("the same, by the command `sync now`", "ms", "600", "-", reconnect));
    }

    private static void change(java.sql.Connection connection, int id, String title) throws java.sql.SQLException {
        try (var update = connection.prepareStatement("UPDATE task SET title = ? WHERE id = ?")) {
            update.setString(1, title);
            update.setInt(2, id);
            update.executeUpdate();
        }
    }

    private static void quiet(Pair pair) throws Exception {
        long bytes = -1;
        while (bytes != pair.bytes()) {
            bytes = pair.bytes();
            TimeUnit.MILLISECONDS.sleep(QUIET_MS);
        }
    }
}
