package dev.waggle.net.websocket;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcEdECContentSignerBuilder;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Date;
import java.util.Optional;

/// A node's identity in TLS 1.3: a self-signed Ed25519 certificate made from the node's seed, the same one each time.
///
/// There is no authority and no name. Any self-signed Ed25519 certificate passes; the key in it is the other side's node id, proven by the TLS
/// handshake, and what that node may do is decided by whoever knows the members. Dates are not looked at: a node with a wrong clock must still be
/// able to connect, to learn that it is wrong.
public final class NodeTls {
    static final String EXPORTER_LABEL = "EXPORTER-waggle-hello/1";
    static final int BINDING_BYTES = 32;
    private static final String ALIAS = "node";
    /// What every Ed25519 SubjectPublicKeyInfo begins with (RFC 8410); the 32 bytes of the key follow.
    private static final byte[] KEY_PREFIX = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
    private static final byte[] PKCS8_PREFIX = {0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};
    private static final Ed25519 KEYS = new Ed25519();

    private final PrivateKey key;
    private final X509Certificate certificate;

    /// @param seed the 32 secret bytes of the node's key
    public NodeTls(byte[] seed) {
        if (seed.length != Ed25519.SEED_BYTES) throw new IllegalArgumentException("an Ed25519 seed is " + Ed25519.SEED_BYTES + " bytes");
        try {
            var secret = new Ed25519PrivateKeyParameters(seed);
            key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8(seed)));
            certificate = selfSigned(secret);
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("cannot make the node's certificate", e);
        }
    }

    NodeId node() {
        try {
            return keyOf(certificate);
        } catch (CertificateException e) {
            throw new IllegalStateException("the node's own certificate", e);
        }
    }

    X509Certificate certificate() {
        return certificate;
    }

    /// For clients that bring their own HTTP: shows this node's certificate, takes any node's.
    public SSLContext context() {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(new KeyManager[] {keyManager()}, new TrustManager[] {trustManager()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS 1.3", e);
        }
    }

    /// The same, but takes the certificate of this node only: nothing is sent to anybody else.
    public SSLContext context(NodeId expected) {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(new KeyManager[] {keyManager()}, new TrustManager[] {new PinnedTrust(expected)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS 1.3", e);
        }
    }

    /// The node whose key the other side of a client's connection proved; empty without TLS.
    public static Optional<NodeId> shown(Optional<SSLSession> session) {
        return session.flatMap(NodeTls::peer);
    }

    /// SHA-256 of the certificate that the other side showed; empty without TLS.
    public static Optional<byte[]> certificateHash(Optional<SSLSession> session) throws SSLException {
        if (session.isEmpty()) return Optional.empty();
        return Optional.of(hash((X509Certificate) session.get().getPeerCertificates()[0]));
    }

    static byte[] hash(X509Certificate certificate) {
        try {
            return Sha256.of(certificate.getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }

    /// RFC 8410's short form: the JDK does not read the optional public key of the long one.
    private static byte[] pkcs8(byte[] seed) {
        var whole = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + seed.length);
        System.arraycopy(seed, 0, whole, PKCS8_PREFIX.length, seed.length);
        return whole;
    }

    private static X509Certificate selfSigned(Ed25519PrivateKeyParameters secret) throws IOException, OperatorCreationException, CertificateException {
        SubjectPublicKeyInfo publicKey = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(secret.generatePublicKey());
        var name = new X500Name("CN=waggle");
        var builder = new X509v3CertificateBuilder(name, BigInteger.ONE, new Date(0), new Date(253_402_300_799_000L), name, publicKey);
        var algorithm = new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);
        return new JcaX509CertificateConverter().getCertificate(builder.build(new BcEdECContentSignerBuilder(algorithm).build(secret)));
    }

    /// The node id that a certificate carries.
    ///
    /// @throws CertificateException when it is not a self-signed Ed25519 certificate with a good key
    static NodeId keyOf(X509Certificate certificate) throws CertificateException {
        var encoded = certificate.getPublicKey().getEncoded();
        if (encoded == null || encoded.length != KEY_PREFIX.length + 32 || !Arrays.equals(encoded, 0, KEY_PREFIX.length, KEY_PREFIX, 0, KEY_PREFIX.length))
            throw new CertificateException("a node's certificate has an Ed25519 key");
        var node = NodeId.of(Arrays.copyOfRange(encoded, KEY_PREFIX.length, encoded.length));
        if (!KEYS.isValidKey(node)) throw new CertificateException("the key is not a good Ed25519 key");   // the JDK accepts small-order keys
        if (!KEYS.verify(node, certificate.getTBSCertificate(), certificate.getSignature()))
            throw new CertificateException("a node's certificate is signed by its own key");
        return node;
    }

    /// Who is at the other end, as its certificate and the handshake proved; empty when it showed none.
    static Optional<NodeId> peer(SSLSession session) {
        try {
            var shown = session.getPeerCertificates();
            return shown.length > 0 && shown[0] instanceof X509Certificate first ? Optional.of(keyOf(first)) : Optional.empty();
        } catch (SSLPeerUnverifiedException | CertificateException _) {
            return Optional.empty();                                  // no certificate, or one that names no node: nobody is proven
        }
    }

    /// 32 bytes that both ends of this TLS connection compute and nobody else can (RFC 8446 section 7.5).
    ///
    /// @throws SSLException when the session exports nothing: without it a proof would not be tied to the connection, so the connection is refused
    static byte[] binding(SSLSession session) throws SSLException {
        if (!(session instanceof ExtendedSSLSession extended)) throw new SSLException("the TLS session exports no keying material");
        return extended.exportKeyingMaterialData(EXPORTER_LABEL, new byte[0], BINDING_BYTES);
    }

    /// Shows this node's certificate, to whoever asks.
    X509ExtendedKeyManager keyManager() {
        return new X509ExtendedKeyManager() {
            @Override public String[] getClientAliases(String keyType, Principal[] issuers) {
                return new String[] {ALIAS};
            }

            @Override public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
                return ALIAS;
            }

            @Override public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
                return ALIAS;
            }

            @Override public String[] getServerAliases(String keyType, Principal[] issuers) {
                return new String[] {ALIAS};
            }

            @Override public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
                return ALIAS;
            }

            @Override public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
                return "EdDSA".equals(keyType) || "Ed25519".equals(keyType) ? ALIAS : null;
            }

            @Override public X509Certificate[] getCertificateChain(String alias) {
                return new X509Certificate[] {certificate};
            }

            @Override public PrivateKey getPrivateKey(String alias) {
                return key;
            }
        };
    }

    /// Takes one self-signed Ed25519 certificate, whoever's it is.
    static X509ExtendedTrustManager trustManager() {
        return new X509ExtendedTrustManager() {
            @Override public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
                check(chain);
            }

            @Override public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
                check(chain);
            }

            @Override public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
                check(chain);
            }

            @Override public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
                check(chain);
            }

            @Override public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
                check(chain);
            }

            @Override public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
                check(chain);
            }

            @Override public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }

            private void check(X509Certificate[] chain) throws CertificateException {
                if (chain.length != 1) throw new CertificateException("a node shows one certificate");
                keyOf(chain[0]);
            }
        };
    }
}
