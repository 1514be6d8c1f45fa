package dev.waggle.store.capture;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SqlWordsTest {
    @Test void a_triggers_writes_are_found_whatever_their_spelling() {
        assertThat(SqlWords.tablesWritten("""
            CREATE TRIGGER t AFTER UPDATE ON a BEGIN
              INSERT OR REPLACE INTO "B b" VALUES (1); -- INSERT INTO no
              UPDATE OR IGNORE [c] SET x = 'DELETE FROM nothing';
              DELETE FROM main.`d` WHERE 1;
              INSERT INTO e VALUES (1) ON CONFLICT DO UPDATE SET x = 1;
              REPLACE INTO f SELECT * FROM g;
            END""")).containsExactly("b b", "c", "d", "e", "f");
    }

    @Test void only_one_create_statement_for_the_named_object_is_accepted() {
        assertThat(SqlWords.isSingleCreate("CREATE TABLE a (x)", "TABLE", "a", "")).isTrue();
        assertThat(SqlWords.isSingleCreate("CREATE TABLE \"a\" (x DEFAULT ';')", "TABLE", "a", "")).isTrue();
        assertThat(SqlWords.isSingleCreate("CREATE TABLE a (x); DROP TABLE b", "TABLE", "a", "")).isFalse();
        assertThat(SqlWords.isSingleCreate("CREATE TABLE b (x)", "TABLE", "a", "")).isFalse();
        assertThat(SqlWords.isSingleCreate("CREATE TABLE temp.a (x)", "TABLE", "a", "")).isFalse();
        assertThat(SqlWords.isSingleCreate("CREATE TABLE a AS SELECT 1", "TABLE", "a", "")).isFalse();
        assertThat(SqlWords.isSingleCreate("CREATE TEMP TABLE a (x)", "TABLE", "a", "")).isFalse();
        assertThat(SqlWords.isSingleCreate("DROP TABLE a", "TABLE", "a", "")).isFalse();
        assertThat(SqlWords.isSingleCreate("CREATE UNIQUE INDEX i ON a (x)", "INDEX", "i", "a")).isTrue();
        assertThat(SqlWords.isSingleCreate("CREATE UNIQUE INDEX i ON b (x)", "INDEX", "i", "a")).isFalse();
        var trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET x = CASE WHEN 1 THEN 2 ELSE 3 END; DELETE FROM c; END";
        assertThat(SqlWords.isSingleCreate(trigger, "TRIGGER", "t", "a")).isTrue();
        assertThat(SqlWords.isSingleCreate(trigger + "; DELETE FROM a; END", "TRIGGER", "t", "a")).isFalse();
    }
}
