package dev.waggle.store.postgres;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DatabaseAddressTest {
    @ParameterizedTest @ValueSource(strings = {"jdbc:postgresql://me:se%40cret@db:5433/waggle?sslmode=require", "postgres://me:se%40cret@db:5433/waggle?sslmode=require",
        "jdbc:postgresql://db:5433/waggle?user=me&sslmode=require&password=se%40cret"})
    void a_database_is_named_in_the_ways_that_people_know_and_its_password_is_not_shown(String text) {
        var address = DatabaseAddress.parse(text, Optional.empty());
        assertThat(address).isEqualTo(new DatabaseAddress("jdbc:postgresql://db:5433/waggle?sslmode=require", Optional.of("me"), Optional.of("se@cret")));
        assertThat(address.toString()).isEqualTo("jdbc:postgresql://db:5433/waggle?sslmode=require as me").doesNotContain("cret");
    }

    @Test void the_password_may_be_said_apart() {
        assertThat(DatabaseAddress.parse("jdbc:postgresql://me@db/waggle", Optional.of("apart")).password()).contains("apart");
        assertThat(DatabaseAddress.parse("jdbc:postgresql://me:here@db/waggle", Optional.of("apart")).password()).contains("here");
    }

    @ParameterizedTest @ValueSource(strings = {"jdbc:mysql://me:secret@db/waggle", "jdbc:postgresql:waggle", "jdbc:postgresql://me:secret@db", "/var/secret db", ""})
    void another_database_is_refused_without_a_word_of_it(String text) {
        assertThatThrownBy(() -> DatabaseAddress.parse(text, Optional.empty())).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("jdbc:postgresql://host")
            .hasMessageNotContaining("secret");
    }
}
