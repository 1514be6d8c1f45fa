package dev.waggle.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waggle.core.Property;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.List;

/// One strict rule for signatures. Honest ones agree with RFC 8032 and with the JDK; whatever has a second reading is refused.
class Ed25519Test {
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    static final BigInteger L = BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
    private static final List<String> SMALL_ORDER = List.of(
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85");
    private static final List<String> SMALL_ORDER_SPELT_OTHERWISE = List.of(
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");

    private final Ed25519 verifier = new Ed25519();
    private final byte[] seed = Sha256.of("a test's key".getBytes(StandardCharsets.UTF_8));
    private final Signer signer = Ed25519.signer(seed);
    private final byte[] message = "the message".getBytes(StandardCharsets.UTF_8);

    /// RFC 8032 section 7.1.
    @Tag("A01") @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
            + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
            + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
            + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42,ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf,"
            + "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f,"
            + "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    })
    void the_vectors_of_rfc_8032(String seed, String publicKey, String message, String signature) {
        var vector = Ed25519.signer(Hex.bytes(seed));
        assertThat(vector.node().hex()).isEqualTo(publicKey);
        assertThat(Hex.of(vector.sign(Hex.bytes(message)))).isEqualTo(signature);
        assertThat(verifier.verify(vector.node(), Hex.bytes(message), Hex.bytes(signature))).isTrue();
        assertThat(verifier.isValidKey(vector.node())).isTrue();
    }

    @Test void every_flipped_bit_of_a_signature_is_refused() {
        var signature = signer.sign(message);
        for (int bit = 0; bit < signature.length * 8; bit++) {
            var flipped = signature.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(verifier.verify(signer.node(), message, flipped)).as("bit " + bit).isFalse();
        }
    }

    @Tag("A01") @Test void another_message_another_signer_and_another_size_are_refused() {
        var signature = signer.sign(message);
        assertThat(verifier.verify(signer.node(), message, signature)).isTrue();
        assertThat(verifier.verify(signer.node(), "the messagf".getBytes(StandardCharsets.UTF_8), signature)).isFalse();
        assertThat(verifier.verify(signer.node(), new byte[0], signature)).isFalse();
        assertThat(verifier.verify(Ed25519.signer(new byte[32]).node(), message, signature)).isFalse();
        for (int size : new int[] {0, 32, 63, 65, 128}) assertThat(verifier.verify(signer.node(), message, Arrays.copyOf(signature, size))).isFalse();
    }

    @Tag("A01") @Test void a_second_spelling_of_s_is_refused() {
        var signature = signer.sign(message);
        var s = littleEndian(Arrays.copyOfRange(signature, 32, 64));
        for (int times = 1; times <= 15; times++) {
            var bigger = s.add(L.multiply(BigInteger.valueOf(times)));
            if (bigger.bitLength() > 256) break;
            assertThat(verifier.verify(signer.node(), message, concat(Arrays.copyOf(signature, 32), bytes(bigger)))).isFalse();
        }
        assertThat(verifier.verify(signer.node(), message, concat(Arrays.copyOf(signature, 32), bytes(L)))).isFalse();
    }

    @Tag("A01") @Test void keys_of_small_order_sign_nothing() {
        for (var key : bothLists()) {
            assertThat(verifier.isValidKey(new NodeId(key))).as(key).isFalse();
            for (var r : bothLists())
                for (int i = 0; i < 8; i++)             // a forger tries messages until the hash times the key is what R needs
                    assertThat(verifier.verify(new NodeId(key), new byte[] {(byte) i}, concat(Hex.bytes(r), new byte[32]))).isFalse();
        }
    }

    /// The owner of an honest key can make R the neutral point: then S = hash * secret fulfils the equation. Verifiers that do not look at
    /// R's order accept it.
    @Tag("A01") @Test void r_of_small_order_is_refused_even_when_the_equation_holds() {
        var identity = Hex.bytes(SMALL_ORDER.getFirst());
        var signature = concat(identity, bytes(challenge(identity, signer.node().bytes()).multiply(secretScalar()).mod(L)));
        assertThat(org.bouncycastle.math.ec.rfc8032.Ed25519.verify(signature, 0, signer.node().bytes(), 0, message, 0, message.length))
            .as("the equation holds").isTrue();
        assertThat(verifier.verify(signer.node(), message, signature)).isFalse();
        for (var r : bothLists()) assertThat(verifier.verify(signer.node(), message, concat(Hex.bytes(r), Arrays.copyOfRange(signature, 32, 64)))).isFalse();
    }

    /// A point of the curve plus one of small order: verifiers with and without cofactor disagree about its signatures.
    @Tag("A01") @Test void keys_outside_the_prime_order_group_are_refused() {
        for (var small : SMALL_ORDER.subList(1, SMALL_ORDER.size())) {
            var mixed = Edwards.add(Edwards.decode(signer.node().bytes()), Edwards.decode(Hex.bytes(small)));
            var key = Edwards.encode(mixed);
            assertThat(verifier.isValidKey(NodeId.of(key))).as(small).isFalse();
            var r = Hex.bytes("5866666666666666666666666666666666666666666666666666666666666666");       // the base point, so r = 1
            var s = BigInteger.ONE.add(challenge(r, key).multiply(secretScalar())).mod(L);
            assertThat(verifier.verify(NodeId.of(key), message, concat(r, bytes(s)))).isFalse();
        }
        assertThat(Edwards.encode(Edwards.add(Edwards.decode(signer.node().bytes()), Edwards.decode(Hex.bytes(SMALL_ORDER.getFirst())))))
            .as("our addition is right").isEqualTo(signer.node().bytes());
    }

    @Tag("A01") @Test void encodings_that_are_not_canonical_and_that_are_no_point_are_refused() {
        int points = 0;
        for (int y = 0; y < 19; y++) {
            var other = bytes(P.add(BigInteger.valueOf(y)));
            points += Edwards.isOnCurve(BigInteger.valueOf(y)) ? 1 : 0;
            for (int sign = 0; sign < 2; sign++) {
                other[31] |= (byte) (sign << 7);
                assertThat(verifier.isValidKey(NodeId.of(other))).isFalse();
                assertThat(verifier.verify(signer.node(), message, concat(other, new byte[32]))).isFalse();
            }
        }
        assertThat(points).as("some of these would be points, were they reduced").isGreaterThan(2);
        assertThat(verifier.isValidKey(NodeId.of(bytes(BigInteger.TWO)))).as("2 is no y of the curve").isFalse();
    }

    @Tag("A01") @Test void the_jdk_signs_and_verifies_the_same_under_honest_keys() {
        Property.check(40, random -> {
            var randomSeed = new byte[32];
            random.nextBytes(randomSeed);
            var text = new byte[random.nextInt(300)];
            random.nextBytes(text);
            var ours = Ed25519.signer(randomSeed);

            var keys = KeyFactory.getInstance("Ed25519");
            var sign = Signature.getInstance("Ed25519");
            sign.initSign(keys.generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, randomSeed)));
            sign.update(text);
            var signature = sign.sign();
            assertThat(ours.sign(text)).isEqualTo(signature);

            int flip = random.nextInt(1_024);
            if (flip < 512) signature[flip / 8] ^= (byte) (1 << flip % 8);
            var key = ours.node().bytes();
            boolean odd = (key[31] & 0x80) != 0;
            key[31] &= 0x7f;
            var check = Signature.getInstance("Ed25519");
            check.initVerify(keys.generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, littleEndian(key)))));
            check.update(text);
            boolean jdk;
            try {
                jdk = check.verify(signature);
            } catch (java.security.SignatureException notEvenAPoint) {
                jdk = false;
            }
            assertThat(verifier.verify(ours.node(), text, signature)).isEqualTo(jdk).isEqualTo(flip >= 512);
        });
    }

    @Test void verdicts_do_not_change_when_the_cache_of_keys_is_full() {
        var signature = signer.sign(message);
        for (int i = 0; i < 5_000; i++) verifier.isValidKey(NodeId.of(bytes(BigInteger.valueOf(i).add(BigInteger.TEN))));
        assertThat(verifier.verify(signer.node(), message, signature)).isTrue();
        assertThat(verifier.isValidKey(new NodeId(SMALL_ORDER.get(4)))).isFalse();
    }

    @Tag("W02") @Test void a_signer_keeps_its_own_copy_of_the_seed_and_never_prints_it() {
        var mine = seed.clone();
        var copy = Ed25519.signer(mine);
        var before = copy.sign(message);
        Arrays.fill(mine, (byte) 0);
        assertThat(copy.sign(message)).isEqualTo(before);
        assertThat(copy.toString()).isEqualTo("Signer[" + copy.node().brief() + "]");
        assertThatThrownBy(() -> Ed25519.signer(new byte[31])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Ed25519.signer(new byte[33])).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> bothLists() {
        return java.util.stream.Stream.concat(SMALL_ORDER.stream(), SMALL_ORDER_SPELT_OTHERWISE.stream()).toList();
    }

    private BigInteger secretScalar() {
        var scalar = Arrays.copyOf(sha512(seed), 32);
        scalar[0] &= (byte) 0xf8;
        scalar[31] = (byte) (scalar[31] & 0x7f | 0x40);
        return littleEndian(scalar);
    }

    private BigInteger challenge(byte[] r, byte[] key) {
        return littleEndian(sha512(r, key, message)).mod(L);
    }

    private static byte[] sha512(byte[]... parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-512");
            for (var part : parts) digest.update(part);
            return digest.digest();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static BigInteger littleEndian(byte[] bytes) {
        var reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) reversed[i] = bytes[bytes.length - 1 - i];
        return new BigInteger(1, reversed);
    }

    /// 32 bytes, little endian.
    static byte[] bytes(BigInteger number) {
        var out = new byte[32];
        for (int i = 0; i < 32; i++) out[i] = number.shiftRight(8 * i).byteValue();
        return out;
    }

    private static byte[] concat(byte[] a, byte[] b) {
        var out = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, out, a.length, b.length);
        return out;
    }

    /// The curve as RFC 8032 section 5.1 defines it, slow and obvious.
    private static final class Edwards {
        private static final BigInteger D = BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(P)).mod(P);

        record Point(BigInteger x, BigInteger y) {}

        static boolean isOnCurve(BigInteger y) {
            var square = xSquared(y);
            return square.signum() == 0 || square.modPow(P.subtract(BigInteger.ONE).shiftRight(1), P).equals(BigInteger.ONE);
        }

        private static BigInteger xSquared(BigInteger y) {
            var y2 = y.multiply(y);
            return y2.subtract(BigInteger.ONE).multiply(D.multiply(y2).add(BigInteger.ONE).modInverse(P)).mod(P);
        }

        static Point decode(byte[] encoded) {
            var number = littleEndian(encoded);
            var y = number.clearBit(255);
            var square = xSquared(y);
            var x = square.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
            if (!x.multiply(x).mod(P).equals(square))
                x = x.multiply(BigInteger.TWO.modPow(P.subtract(BigInteger.ONE).shiftRight(2), P)).mod(P);
            assertThat(x.multiply(x).mod(P)).isEqualTo(square);
            return new Point(x.testBit(0) == number.testBit(255) ? x : P.subtract(x).mod(P), y);
        }

        static byte[] encode(Point point) {
            return Ed25519Test.bytes(point.x.testBit(0) ? point.y.setBit(255) : point.y);
        }

        static Point add(Point a, Point b) {
            var product = D.multiply(a.x).multiply(b.x).multiply(a.y).multiply(b.y).mod(P);
            var x = a.x.multiply(b.y).add(b.x.multiply(a.y)).multiply(BigInteger.ONE.add(product).modInverse(P)).mod(P);
            var y = a.y.multiply(b.y).add(a.x.multiply(b.x)).multiply(BigInteger.ONE.subtract(product).mod(P).modInverse(P)).mod(P);
            return new Point(x, y);
        }
    }
}
