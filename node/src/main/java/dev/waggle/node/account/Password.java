package dev.waggle.node.account;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Semaphore;

/// Passwords as Argon2id hashes in their usual text form (RFC 9106; `$argon2id$v=19$m=…,t=…,p=…$salt$hash`). 19 MiB and two passes, as OWASP's cheat sheet has it; two are
/// worked out at a time, so that sign-ins cannot take the node's memory.
final class Password {
    static final int CHARS_MIN = 10;
    static final int CHARS_MAX = 200;
    static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int MEMORY_KIB = 19_456;
    private static final int MEMORY_KIB_MAX = 262_144;
    private static final int PASSES = 2;
    private static final int PASSES_MAX = 10;
    private static final Semaphore AT_ONCE = new Semaphore(2, true);

    private Password() {}

    /// @param salt [#SALT_BYTES] fresh random bytes
    static String hash(String password, byte[] salt) {
        var base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=1$" + base64.encodeToString(salt) + "$" + base64.encodeToString(work(password, salt, MEMORY_KIB, PASSES, HASH_BYTES));
    }

    /// @param kept as [#hash] made it, also with other costs; anything else is matched by no password
    static boolean matches(String password, String kept) {
        var parts = kept.split("\\$");
        if (parts.length != 6 || !parts[1].equals("argon2id") || !parts[2].equals("v=19") || !parts[3].matches("m=\\d{1,6},t=\\d{1,2},p=1")) return false;
        int memory = Integer.parseInt(parts[3].replaceAll("m=(\\d+),.*", "$1"));
        int passes = Integer.parseInt(parts[3].replaceAll(".*,t=(\\d+),.*", "$1"));
        if (memory < 8 || memory > MEMORY_KIB_MAX || passes < 1 || passes > PASSES_MAX) return false;
        try {
            var hash = Base64.getDecoder().decode(parts[5]);
            return hash.length >= 16 && hash.length <= 64 && MessageDigest.isEqual(hash, work(password, Base64.getDecoder().decode(parts[4]), memory, passes, hash.length));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static byte[] work(String password, byte[] salt, int memoryKib, int passes, int bytes) {
        AT_ONCE.acquireUninterruptibly();
        var text = password.getBytes(StandardCharsets.UTF_8);
        try {
            var generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id).withVersion(Argon2Parameters.ARGON2_VERSION_13).withMemoryAsKB(memoryKib).withIterations(passes)
                .withParallelism(1).withSalt(salt).build());
            var hash = new byte[bytes];
            generator.generateBytes(text, hash);
            return hash;
        } finally {
            Arrays.fill(text, (byte) 0);
            AT_ONCE.release();
        }
    }
}
