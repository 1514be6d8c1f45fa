package dev.waggle.node;

import dev.waggle.sync.protocol.GossipSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// A URL of somebody else's that this node is to dial.
class LearntUrlTest {
    private static final GossipSettings STRICT = GossipSettings.defaults();

    /// Names that a stranger's name server answers as it likes.
    private static InetAddress[] names(String host) throws UnknownHostException {
        return switch (host) {
            case "good.example" -> new InetAddress[] {InetAddress.getByName("203.0.113.7")};
            case "inside.example" -> new InetAddress[] {InetAddress.getByName("10.1.2.3")};
            case "metadata.example" -> new InetAddress[] {InetAddress.getByName("169.254.169.254")};
            case "both.example" -> new InetAddress[] {InetAddress.getByName("127.0.0.1"), InetAddress.getByName("203.0.113.8")};
            case "nobody.example" -> throw new UnknownHostException(host);
            default -> InetAddress.getAllByName(host);
        };
    }

    private static List<URI> dialable(String url) {
        return LearntUrl.dialable(url, STRICT, List.of("192.168.7.5:7117"), LearntUrlTest::names);
    }

    @Test void what_its_name_stands_for_is_dialled_not_the_name() {
        assertThat(dialable("https://good.example:7117")).containsExactly(URI.create("https://203.0.113.7:7117"));
        assertThat(dialable("https://good.example/sync/v1")).containsExactly(URI.create("https://203.0.113.7:443"));
        assertThat(dialable("https://[2001:db8::7]:7117")).containsExactly(URI.create("https://[2001:db8:0:0:0:0:0:7]:7117"));
    }

    @Tag("P01") @Tag("lesson-gossip-reaches-inside") @Test void no_name_and_no_spelling_leads_inside() {
        for (var host : List.of("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "100.100.100.200", "224.0.0.1", "255.255.255.255",
            "[::ffff:127.0.0.1]", "[::ffff:169.254.169.254]", "[fe80::1]", "[fd00:ec2::254]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "inside.example", "metadata.example", "nobody.example"))
            assertThat(dialable("https://" + host + ":7117")).as(host).isEmpty();
        assertThat(dialable("https://both.example:7117")).as("each address is judged").containsExactly(URI.create("https://203.0.113.8:7117"));
        assertThat(dialable("https://192.168.7.9:7117")).as("in this node's own network").hasSize(1);
    }

    @Tag("P01") @Test void only_what_is_the_address_of_a_node_is_one() {
        for (var url : List.of("http://good.example:7117", "https://user:word@good.example:7117", "https://good.example:7117/admin", "https://good.example:7117/sync/v1?x=1", "https://good.example:7117#x",
            "ftp://good.example:7117", "file:///etc/passwd", "https://good.example:22", "https://good.example:80", "https:good.example", "https://good.example:7117/%2e%2e", "https://go od.example", "", "https://"))
            assertThat(dialable(url)).as(url).isEmpty();
    }

    @Test void this_machine_may_be_allowed_and_is_then_spoken_to_plainly() {
        var here = new GossipSettings(STRICT.enabled(), STRICT.defaultTtl(), STRICT.hubPeerTtl(), STRICT.exchangeMs(), STRICT.peersMax(), STRICT.staleMs(), STRICT.failuresMax(), STRICT.allowPrivate(), true,
            STRICT.dialsAMinute(), STRICT.dialsAtOnce());
        assertThat(LearntUrl.dialable("http://127.0.0.1:7117", here, List.of(), LearntUrlTest::names)).containsExactly(URI.create("http://127.0.0.1:7117"));
        assertThat(LearntUrl.dialable("http://good.example:7117", here, List.of(), LearntUrlTest::names)).isEmpty();
    }
}
