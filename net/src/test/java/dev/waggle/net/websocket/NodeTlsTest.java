package dev.waggle.net.websocket;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.NodeId;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.bc.BcEdECContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Date;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Whose certificate is believed, and what a TLS client without one gets.
@Timeout(60)
class NodeTlsTest {
    private final Ear there = new Ear();
    private WebSocketTransport server;

    @AfterEach void close() {
        if (server != null) server.close();
    }

    private static byte[] seed(int number) {
        var seed = new byte[32];
        seed[0] = (byte) number;
        return seed;
    }

    @Test void a_seed_always_makes_the_same_certificate_and_it_carries_the_node_id() throws Exception {
        var tls = new NodeTls(seed(7));
        assertThat(tls.node()).isEqualTo(Ed25519.signer(seed(7)).node());
        assertThat(tls.certificate().getEncoded()).isEqualTo(new NodeTls(seed(7)).certificate().getEncoded());
        assertThat(NodeTls.keyOf(tls.certificate())).isEqualTo(tls.node());
    }

    @Test void a_certificate_signed_by_another_key_is_refused() throws Exception {
        var victim = new Ed25519PrivateKeyParameters(seed(1)).generatePublicKey();
        var forged = certificate(SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(victim), new Ed25519PrivateKeyParameters(seed(2)));
        assertThatThrownBy(() -> NodeTls.keyOf(forged)).isInstanceOf(CertificateException.class).hasMessageContaining("signed by its own key");
        assertThatThrownBy(() -> NodeTls.trustManager().checkClientTrusted(new X509Certificate[] {forged}, "EdDSA")).isInstanceOf(CertificateException.class);
    }

    @Tag("A01") @Test void a_key_of_small_order_is_refused() throws Exception {
        var point = new byte[32];
        point[0] = 1;                                                 // the neutral point: signatures for it can be made up
        var publicKey = new SubjectPublicKeyInfo(new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.3.101.112")), point);
        var certificate = certificate(publicKey, new Ed25519PrivateKeyParameters(seed(2)));
        assertThatThrownBy(() -> NodeTls.keyOf(certificate)).hasMessageContaining("not a good Ed25519 key");
    }

    @Test void another_kind_of_key_and_a_chain_are_refused() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2_048);
        var rsa = generator.generateKeyPair();
        var name = new X500Name("CN=waggle");
        var builder = new X509v3CertificateBuilder(name, BigInteger.ONE, new Date(0), new Date(4_000_000_000_000L), name,
            SubjectPublicKeyInfo.getInstance(rsa.getPublic().getEncoded()));
        var certificate = new JcaX509CertificateConverter().getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(rsa.getPrivate())));
        assertThatThrownBy(() -> NodeTls.keyOf(certificate)).hasMessageContaining("Ed25519 key");
        var good = new NodeTls(seed(1)).certificate();
        assertThatThrownBy(() -> NodeTls.trustManager().checkServerTrusted(new X509Certificate[] {good, good}, "EdDSA")).hasMessageContaining("one certificate");
    }

    private static X509Certificate certificate(SubjectPublicKeyInfo publicKey, Ed25519PrivateKeyParameters signer) throws Exception {
        var name = new X500Name("CN=waggle");
        var builder = new X509v3CertificateBuilder(name, BigInteger.ONE, new Date(0), new Date(4_000_000_000_000L), name, publicKey);
        var algorithm = new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.3.101.112"));
        return new JcaX509CertificateConverter().getCertificate(builder.build(new BcEdECContentSignerBuilder(algorithm).build(signer)));
    }

    private int serve(ListenOptions.Limits limits) throws IOException {
        server = new WebSocketTransport(seed(2), ListenOptions.of("127.0.0.1", 0).with(ListenOptions.Security.TLS).with(limits), there,
            router -> router.get("/hello").handler(context -> context.end("hi")));
        return server.start();
    }

    /// A TLS client that shows no certificate, like a browser.
    private static SSLSocket browser(int port) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {NodeTls.trustManager()}, null);
        return (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    }

    private static String ask(SSLSocket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        socket.setSoTimeout(10_000);
        return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }

    @Test void without_a_certificate_the_pages_are_open_and_the_stream_is_not() throws Exception {
        int port = serve(ListenOptions.Limits.DEFAULT);
        try (var browser = browser(port)) {
            assertThat(ask(browser, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")).isEqualTo("HTTP/1.1 200");
        }
        try (var browser = browser(port)) {
            assertThat(ask(browser, "GET /sync/v1/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")).isEqualTo("HTTP/1.1 403");
        }
        assertThat(there.openings()).isEmpty();
    }

    @Test void older_tls_is_refused() throws Exception {
        int port = serve(ListenOptions.Limits.DEFAULT);
        try (var old = browser(port)) {
            old.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThatThrownBy(old::startHandshake).isInstanceOf(IOException.class);
        }
    }

    @Test void a_tls_handshake_that_stalls_is_cut_off_and_counted() throws Exception {
        int port = serve(new ListenOptions.Limits(2, 10, 1_000, 1_000, 1_000, 30_000, 90_000));
        try (var silent = new RawPeer(port); var half = new RawPeer(port); var third = new RawPeer(port)) {
            half.send(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01});
            assertThat(third.untilClosed()).isIn("", "reset");
            assertThat(server.strangersNow()).isEqualTo(2);
            assertThat(silent.isClosedSoon()).isTrue();
            assertThat(half.isClosedSoon()).isTrue();
        }
        Ear.await("forgotten", () -> server.strangersNow() == 0);
    }

    @Test void the_node_id_is_the_same_in_tls_and_in_events() {
        assertThat(new NodeTls(seed(5)).node()).isEqualTo(NodeId.of(Ed25519.signer(seed(5)).node().bytes()));
    }
}
