package dev.waggle.kernels;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.Signer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// What is done to one event's bytes: the insert of one row of 300 bytes. References are what the JDK alone does with the same bytes.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Payloads {
    private byte[] payload;
    private byte[] signature;
    private Event event;
    private Json.Obj body;
    private Signer signer;
    private final Ed25519 verifier = new Ed25519();
    private byte[] id;
    private KeyPair platformKeys;
    private byte[] platformSignature;

    @Setup public void prepare() throws GeneralSecurityException {
        signer = Sample.author(1).signer();
        var sample = Sample.make();
        event = sample.events().getLast();
        payload = event.payload();
        var members = new TreeMap<>(event.body().members());
        members.remove(Envelope.MEMBER);
        body = new Json.Obj(members);
        id = event.id().hex().getBytes(StandardCharsets.US_ASCII);
        signature = signer.sign(id);
        platformKeys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        platformSignature = platformSign();
    }

    @Benchmark public Json canonicalCheck() {
        return Canonical.parse(payload);
    }

    @Benchmark public String referenceTextOfTheBytes() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    @Benchmark public byte[] hash() {
        return Sha256.of(payload);
    }

    @Benchmark public byte[] referenceHash() throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(payload);
    }

    @Benchmark public byte[] sign() {
        return signer.sign(id);
    }

    @Benchmark public byte[] referenceSign() throws GeneralSecurityException {
        return platformSign();
    }

    private byte[] platformSign() throws GeneralSecurityException {
        var sign = Signature.getInstance("Ed25519");
        sign.initSign(platformKeys.getPrivate());
        sign.update(id);
        return sign.sign();
    }

    @Benchmark public boolean verify() {
        return verifier.verify(signer.node(), id, signature);
    }

    @Benchmark public boolean referenceVerify() throws GeneralSecurityException {
        var verify = Signature.getInstance("Ed25519");
        verify.initVerify(platformKeys.getPublic());
        verify.update(id);
        return verify.verify(platformSignature);
    }

    /// Bytes into an event: hashed, checked, its envelope read.
    @Benchmark public Event decode() {
        return Event.read(payload, null);
    }

    /// An event's parts into bytes, hashed.
    @Benchmark public Event encode() {
        return Event.write(event.envelope(), body);
    }
}
