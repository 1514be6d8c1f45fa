package dev.waggle.net.websocket;

import dev.waggle.sync.engine.Transport;
import dev.waggle.sync.protocol.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

import static org.assertj.core.api.Assertions.assertThat;

/// Who may open connections at all.
@Timeout(30)
class AddressFilterTest {
    private static final class Deaf implements Transport.Handler {
        @Override public void opened(Transport.Connection connection) {}

        @Override public boolean received(Transport.Connection connection, Frame frame) {
            return true;
        }

        @Override public void closed(Transport.Connection connection, String why) {}
    }

    private static boolean answers(Predicate<InetAddress> allowed) throws Exception {
        try (var server = new WebSocketTransport(new byte[32], ListenOptions.of("127.0.0.1", 0).only(allowed), new Deaf()); var socket = new Socket("127.0.0.1", server.start())) {
            boolean answered;
            try {
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                answered = socket.getInputStream().read() >= 0;
            } catch (IOException _) {
                answered = false;                              // reset before it was read
            }
            assertThat(server.refusedSoFar()).isEqualTo(answered ? 0 : 1);
            return answered;
        }
    }

    @Test void who_is_outside_of_the_ranges_is_hung_up_on_before_anything_is_read() throws Exception {
        assertThat(answers(InetAddress::isLoopbackAddress)).isTrue();
        assertThat(answers(address -> !address.isLoopbackAddress())).isFalse();
    }
}
