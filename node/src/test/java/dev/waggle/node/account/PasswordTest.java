package dev.waggle.node.account;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PasswordTest {
    @Test void a_hash_of_the_reference_implementation_is_matched() {
        // phc-winner-argon2, test.c: password "password", salt "somesalt", t=2, m=65536, p=1
        var kept = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assertThat(Password.matches("password", kept)).isTrue();
        assertThat(Password.matches("Password", kept)).isFalse();
    }

    @Test void a_password_matches_its_own_hash_and_no_other() {
        var kept = Password.hash("correct horse battery", new byte[Password.SALT_BYTES]);
        assertThat(kept).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(Password.matches("correct horse battery", kept)).isTrue();
        assertThat(Password.matches("correct horse batter", kept)).isFalse();
        var salt = new byte[Password.SALT_BYTES];
        salt[0] = 1;
        assertThat(Password.hash("correct horse battery", salt)).isNotEqualTo(kept);
    }

    @Test void what_is_no_hash_is_matched_by_nothing_and_costs_nothing() {
        for (var kept : new String[] {"", "password", "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "$argon2id$v=19$m=999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=65536,t=99,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "$argon2id$v=19$m=65536,t=2,p=1$***$***", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$"})
            assertThat(Password.matches("password", kept)).as(kept).isFalse();
    }
}
