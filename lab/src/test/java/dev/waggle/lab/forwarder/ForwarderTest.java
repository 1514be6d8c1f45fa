package dev.waggle.lab.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waggle.lab.forwarder.Forwarder.Direction;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Each fault happens when it is asked for, and only then; without faults every byte arrives in order.
@Timeout(60)
class ForwarderTest {
    private ServerSocket echo;
    private Forwarder forwarder;

    @BeforeEach void start_an_echo_behind_the_forwarder() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!echo.isClosed()) {
                try {
                    var socket = echo.accept();
                    Thread.ofVirtual().start(() -> {
                        try (socket) {
                            socket.getInputStream().transferTo(socket.getOutputStream());
                        } catch (IOException _) {
                            // cut by the test
                        }
                    });
                } catch (IOException _) {
                    // closed: the test is over
                }
            }
        });
        forwarder = Forwarder.start(0, "127.0.0.1", echo.getLocalPort());
    }

    @AfterEach void stop() throws IOException {
        forwarder.close();
        echo.close();
    }

    @Test void connections_go_to_another_target_from_the_moment_it_is_named() throws IOException {
        forwarder.target("127.0.0.1", 1);                        // nobody listens there
        try (var client = connect()) {
            assertThat(client.getInputStream().read()).as("the end").isEqualTo(-1);
        } catch (IOException _) {
            // or a reset
        }
        forwarder.target("127.0.0.1", echo.getLocalPort());
        try (var client = connect()) {
            client.getOutputStream().write(7);
            assertThat(client.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test void every_byte_arrives_in_order() throws IOException {
        forwarder.latency(1, 3);
        var sent = new byte[1_000_000];
        for (int i = 0; i < sent.length; i++) sent[i] = (byte) (i * 31 + i / 251);
        try (var client = connect()) {
            Thread.ofVirtual().start(() -> {
                try {
                    client.getOutputStream().write(sent);
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(sent);
        }
        assertThat(forwarder.bytes(Direction.TO_TARGET)).isEqualTo(sent.length);
        assertThat(forwarder.bytes(Direction.TO_CLIENT)).isEqualTo(sent.length);
        awaitConnections(0);
    }

    @Test void a_cut_ends_open_connections_and_new_ones_work() throws IOException {
        try (var client = connect()) {
            assertThat(roundTrip(client, "a")).isEqualTo("a");
            forwarder.cut();
            assertCut(client);
        }
        try (var client = connect()) {
            assertThat(roundTrip(client, "b")).isEqualTo("b");
        }
    }

    @Test void a_stopped_forwarder_refuses_and_comes_back_on_the_same_port() throws IOException {
        int port = forwarder.port();
        try (var client = connect()) {
            assertThat(roundTrip(client, "a")).isEqualTo("a");
            forwarder.stop();
            assertCut(client);
        }
        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
        forwarder.stop();
        forwarder.start();
        forwarder.start();
        assertThat(forwarder.port()).isEqualTo(port);
        try (var client = connect()) {
            assertThat(roundTrip(client, "b")).isEqualTo("b");
        }
    }

    @Test void latency_is_felt_both_ways() throws IOException {
        try (var client = connect()) {
            roundTrip(client, "warm");
            forwarder.latency(60, 0);
            long began = System.nanoTime();
            roundTrip(client, "slow");
            assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(120));
            forwarder.latency(0, 0);
            assertThat(roundTrip(client, "fast")).isEqualTo("fast");
        }
    }

    @Test void after_so_many_bytes_the_connection_is_cut_once() throws IOException {
        try (var client = connect()) {
            roundTrip(client, "warm");
            long before = forwarder.bytes(Direction.TO_TARGET) + forwarder.bytes(Direction.TO_CLIENT);
            forwarder.cutAfter(1_000);
            assertThatThrownBy(() -> {
                for (int i = 0; i < 1_000; i++) roundTrip(client, "0123456789");
            }).isInstanceOf(IOException.class);
            assertThat(forwarder.bytes(Direction.TO_TARGET) + forwarder.bytes(Direction.TO_CLIENT) - before).isEqualTo(1_000);
        }
        try (var client = connect()) {
            for (int i = 0; i < 300; i++) assertThat(roundTrip(client, "0123456789")).isEqualTo("0123456789");
        }
    }

    @Test void a_stalled_direction_delivers_nothing_and_loses_nothing() throws IOException {
        for (var direction : Direction.values()) {
            try (var client = connect()) {
                assertThat(roundTrip(client, "a")).isEqualTo("a");
                forwarder.stall(direction, true);
                client.getOutputStream().write("held".getBytes(StandardCharsets.UTF_8));
                client.setSoTimeout(150);
                assertThatThrownBy(() -> client.getInputStream().read()).as("stalled " + direction).isInstanceOf(SocketTimeoutException.class);
                client.setSoTimeout(0);
                forwarder.stall(direction, false);
                assertThat(new String(client.getInputStream().readNBytes(4), StandardCharsets.UTF_8)).isEqualTo("held");
            }
        }
    }

    @Test void a_stalled_sender_feels_it_and_a_cut_frees_it() throws Exception {
        forwarder.stall(Direction.TO_TARGET, true);
        try (var client = connect()) {
            var sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 1_000; i++) client.getOutputStream().write(new byte[1 << 20]);      // 1 GB: more than all buffers
                } catch (IOException _) {
                    // cut, as it should be
                }
            });
            assertThat(sender.join(Duration.ofMillis(500))).as("the sender ended while nothing moved").isFalse();
            assertThat(forwarder.bytes(Direction.TO_TARGET)).isZero();
            forwarder.cut();
            sender.join();
        }
        awaitConnections(0);
    }

    @Test void when_nobody_listens_behind_it_the_client_is_cut() throws IOException {
        try (var taken = SocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {       // a port that is nobody else's meanwhile
            forwarder.target("127.0.0.1", taken.socket().getLocalPort());
            try (var client = connect()) {
                assertCut(client);
            }
            awaitConnections(0);
        }
    }

    @Test void a_stopped_one_keeps_its_port_from_others() throws IOException {
        forwarder.stop();
        int port = forwarder.port();
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        try (var other = new ServerSocket()) {
            other.setReuseAddress(false);
            assertThatThrownBy(() -> other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))).isInstanceOf(BindException.class);
        }
        forwarder.start();
        try (var client = connect()) {
            assertThat(roundTrip(client, "the same port")).isEqualTo("the same port");
        }
        assertThat(forwarder.port()).isEqualTo(port);
    }

    @Test void commands_come_in_by_line() throws Exception {
        var out = new ByteArrayOutputStream();
        var in = new ByteArrayInputStream("status\nlatency 1 1\nstall to-target\nstall none\nstop\nstart\ncut\ncut-after 10\nfly\nlatency\nlatency -1\nquit\n".getBytes(StandardCharsets.UTF_8));
        int exit = Commands.run(new String[] {"--listen", "0", "--to", "127.0.0.1:" + echo.getLocalPort()}, in, new PrintStream(out, true), System.err);
        assertThat(exit).isZero();
        var lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines.getFirst()).matches("listening on 127\\.0\\.0\\.1:\\d+");
        assertThat(lines.subList(1, 9)).allMatch(line -> line.startsWith("ok 0 connections"));
        assertThat(lines.subList(9, 12)).allMatch(line -> line.startsWith("error "));
    }

    @Test void wrong_arguments_and_a_taken_port_are_told() throws IOException {
        var err = new ByteArrayOutputStream();
        for (var arguments : new String[][] {{}, {"--listen", "0"}, {"--listen", "0", "--to", "nowhere"}, {"--listen", "x", "--to", "a:1"}, {"--port", "0", "--to", "a:1"}})
            assertThat(Commands.run(arguments, noInput(), System.out, new PrintStream(err, true))).as(Arrays.toString(arguments)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("usage:");
        assertThat(Commands.run(new String[] {"--listen", "" + echo.getLocalPort(), "--to", "127.0.0.1:1"}, noInput(), System.out, new PrintStream(err, true))).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("port " + echo.getLocalPort());
    }

    @Test void the_small_one_for_people_forwards_until_it_is_killed() throws Exception {
        var process = new ProcessBuilder("node", Path.of("../docs/forwarder.mjs").toString(), "0", "127.0.0.1:" + echo.getLocalPort()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int port = Integer.parseInt(lines.readLine());
            try (var client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(roundTrip(client, "through node")).isEqualTo("through node");
                process.destroy();
                assertCut(client);
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static ByteArrayInputStream noInput() {
        return new ByteArrayInputStream(new byte[0]);
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), forwarder.port());
    }

    private static String roundTrip(Socket client, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        client.getOutputStream().write(bytes);
        var back = client.getInputStream().readNBytes(bytes.length);
        if (back.length < bytes.length) throw new IOException("the connection ended");
        return new String(back, StandardCharsets.UTF_8);
    }

    private static void assertCut(Socket client) {
        int read;
        try {
            client.setSoTimeout(10_000);
            read = client.getInputStream().read();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection is still open", e);
        } catch (IOException _) {
            return;                                      // reset
        }
        assertThat(read).isEqualTo(-1);
    }

    private void awaitConnections(int count) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (forwarder.connections() != count) {
            assertThat(System.nanoTime()).as(forwarder.connections() + " connections are left").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
