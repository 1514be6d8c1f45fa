package dev.waggle.lab.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Several machines on one switch, each a network namespace of its own, the switch too: nothing leaves them, and nothing of the host's network is changed.
/// Needs root, iproute2 and a kernel that lets us; nftables for lost packets.
final class Machines implements AutoCloseable {
    private static final String NET = "10.77.0.";
    private final String prefix = "wgl" + ProcessHandle.current().pid() + "-";
    private final List<String> spaces = new ArrayList<>();

    private Machines() {}

    /// @return null where this machine does not let us
    static Machines start(int count) throws IOException, InterruptedException {
        var machines = new Machines();
        try {
            machines.space("switch");
            machines.there("switch", "ip", "link", "add", "bridge", "type", "bridge");
            machines.there("switch", "ip", "link", "set", "bridge", "up");
            for (int i = 1; i <= count; i++) {
                machines.space("m" + i);
                machines.there("switch", "ip", "link", "add", "port" + i, "type", "veth", "peer", "name", "eth", "netns", machines.prefix + "m" + i);
                machines.there("switch", "ip", "link", "set", "port" + i, "master", "bridge", "up");
                machines.there("m" + i, "ip", "address", "add", address(i) + "/24", "dev", "eth");
                machines.there("m" + i, "ip", "link", "set", "eth", "up");
            }
            return machines;
        } catch (IOException e) {
            machines.close();
            System.out.println("no network namespaces here: " + e.getMessage());
            return null;
        }
    }

    private void space(String name) throws IOException, InterruptedException {
        run("ip", "netns", "add", prefix + name);
        spaces.add(name);
        there(name, "ip", "link", "set", "lo", "up");
    }

    static String address(int machine) {
        return NET + machine;
    }

    /// What runs a program on a machine.
    String[] on(int machine) {
        return new String[] {"ip", "netns", "exec", prefix + "m" + machine};
    }

    /// Takes the cable out, or puts it back.
    void plug(int machine, boolean in) throws IOException, InterruptedException {
        there("switch", "ip", "link", "set", "port" + machine, in ? "up" : "down");
    }

    /// The machine gets another address on the same network.
    void move(int machine, int newLast) throws IOException, InterruptedException {
        there("m" + machine, "ip", "address", "flush", "dev", "eth");
        there("m" + machine, "ip", "address", "add", address(newLast) + "/24", "dev", "eth");
    }

    /// Packets from one machine to the other are lost without a word: the first and each `every`th after it, all if it is 1. Counted, not drawn: a few packets
    /// may be all there are, and chance spares them one time in twenty. The way back is open.
    ///
    /// @return false where there is no nftables
    boolean lose(int from, int to, int every) throws IOException, InterruptedException {
        try {
            var some = every > 1 ? " numgen inc mod " + every + " 0" : "";
            there("m" + to, "nft", "add table ip faults; add chain ip faults in { type filter hook input priority 0; }; add rule ip faults in ip saddr " + address(from)
                + some + " counter drop");
            return true;
        } catch (IOException e) {
            System.out.println("no nftables here: " + e.getMessage());
            return false;
        }
    }

    /// How many packets were lost on the way to this machine; from now on none is.
    long heal(int to) throws IOException, InterruptedException {
        var rules = there("m" + to, "nft", "list table ip faults");
        there("m" + to, "nft", "delete table ip faults");
        int at = rules.indexOf("packets ") + "packets ".length();
        return Long.parseLong(rules.substring(at, rules.indexOf(' ', at)));
    }

    private String there(String space, String... command) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of("ip", "netns", "exec", prefix + space));
        words.addAll(List.of(command));
        return run(words.toArray(String[]::new));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) throw new IOException(String.join(" ", command) + ": " + said.strip());
        return said;
    }

    @Override public void close() throws IOException, InterruptedException {
        for (var space : spaces) run("ip", "netns", "delete", prefix + space);
    }
}
