package dev.waggle.lab.forwarder;

import dev.waggle.lab.forwarder.Forwarder.Direction;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGeneratorFactory;

/// The forwarder from a shell: prints `listening on 127.0.0.1:PORT`, then answers each line of its input with `ok …` or `error …`.
/// At the end of its input it goes on until it is killed; `quit` ends it.
final class Commands {
    static final String USAGE = """
        usage: Forwarder --listen PORT --to HOST:PORT      (port 0: any that is free)
        then, on its input, a line each:
          stop                  refuse new connections, cut all others
          start                 listen again on the same port
          cut                   cut all connections
          cut-after BYTES       let so many bytes through, then cut
          latency MS [JITTER]   delay every byte
          stall to-target|to-client|none
          chaos SEED SECONDS    play drawn faults, then heal (answers at the end)
          status                connections and bytes
          quit""";

    private final Forwarder forwarder;

    private Commands(Forwarder forwarder) {
        this.forwarder = forwarder;
    }

    /// @return the exit code
    static int run(String[] arguments, InputStream in, PrintStream out, PrintStream err) throws IOException {
        Forwarder forwarder;
        try {
            forwarder = forwarder(arguments);
        } catch (IllegalArgumentException _) {
            err.println(USAGE);
            return 2;
        } catch (UncheckedIOException e) {
            err.println(e.getMessage());
            return 1;
        }
        try (forwarder) {
            out.println("listening on " + forwarder.address());
            var commands = new Commands(forwarder);
            var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.strip().equals("quit")) return 0;
                out.println(commands.answer(line.strip().split("\\s+")));
            }
            new CountDownLatch(1).await();               // started in the background with no input: until killed
            return 0;
        } catch (InterruptedException _) {
            return 0;
        }
    }

    private static Forwarder forwarder(String[] arguments) {
        int listen = -1;
        String to = null;
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            switch (arguments[i]) {
                case "--listen" -> listen = Integer.parseInt(arguments[i + 1]);
                case "--to" -> to = arguments[i + 1];
                default -> throw new IllegalArgumentException(arguments[i]);
            }
        }
        if (arguments.length != 4 || listen < 0 || to == null || to.indexOf(':') < 1) throw new IllegalArgumentException("usage");
        int colon = to.lastIndexOf(':');
        return Forwarder.start(listen, to.substring(0, colon), Integer.parseInt(to.substring(colon + 1)));
    }

    private String answer(String[] words) {
        try {
            switch (words[0]) {
                case "stop" -> forwarder.stop();
                case "start" -> forwarder.start();
                case "cut" -> forwarder.cut();
                case "cut-after" -> forwarder.cutAfter(Long.parseLong(words[1]));
                case "latency" -> forwarder.latency(Integer.parseInt(words[1]), words.length > 2 ? Integer.parseInt(words[2]) : 0);
                case "stall" -> stall(words[1]);
                case "chaos" -> chaos(Long.parseLong(words[1]), Integer.parseInt(words[2]));
                case "status" -> { }
                default -> throw new IllegalArgumentException("unknown command");
            }
            return "ok " + forwarder.connections() + " connections, " + forwarder.bytes(Direction.TO_TARGET) + " bytes to the target, "
                + forwarder.bytes(Direction.TO_CLIENT) + " to the client";
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException | UncheckedIOException e) {
            return "error " + String.join(" ", words) + ": " + e.getMessage();
        }
    }

    private void chaos(long seed, int seconds) {
        try {
            var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            Chaos.play(Chaos.draw(random, 1, Duration.ofSeconds(seconds)), List.of(forwarder));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void stall(String which) {
        switch (which) {
            case "to-target" -> forwarder.stall(Direction.TO_TARGET, true);
            case "to-client" -> forwarder.stall(Direction.TO_CLIENT, true);
            case "none" -> {
                for (var direction : Direction.values()) forwarder.stall(direction, false);
            }
            default -> throw new IllegalArgumentException("to-target, to-client or none");
        }
    }
}
