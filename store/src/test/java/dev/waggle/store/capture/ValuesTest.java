package dev.waggle.store.capture;

import dev.waggle.core.record.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/// Every value goes into a file and comes out of it with its storage class and bytes.
class ValuesTest {
    @TempDir Path folder;

    static final List<Value> VALUES = List.of(Value.NULL, new Value.Int(0), new Value.Int(Long.MAX_VALUE), new Value.Int(Long.MIN_VALUE),
        new Value.Real(0.0), new Value.Real(-0.0), new Value.Real(1.0), new Value.Real(0.1), new Value.Real(Double.POSITIVE_INFINITY),
        new Value.Real(Double.NEGATIVE_INFINITY), new Value.Real(Double.MIN_VALUE), Value.Text.of(""), Value.Text.of("plain"), Value.Text.of("~tag"),
        Value.Text.of("nul\0inside"), Value.Text.of("naïve 𝄞 \uFFFD"), new Value.Blob(new byte[0]), new Value.Blob(new byte[] {0, 1, -1}));

    private void check(String encoding, List<Value> values) throws SQLException {
        var path = folder.resolve(encoding + ".sqlite");
        try (var program = new Program(path)) {
            program.run("PRAGMA encoding = '" + encoding + "'", "CREATE TABLE t (k PRIMARY KEY NOT NULL, v)");
        }
        try (var file = UserFile.open(path, 1_000); var table = new TableSql(file, FileSchema.read(file.connection()).tables().get("t"))) {
            for (var value : values) {
                var row = new TreeMap<String, Value>();
                row.put("k", value instanceof Value.Null ? Value.Text.of("key of null") : value);
                row.put("v", value);
                table.insert(row);
                var key = List.of(row.get("k"));
                assertThat(table.row(key).orElseThrow()).as("%s in %s", value, encoding).isEqualTo(row);
                table.delete(key);
                table.insert(row);
                var changed = new TreeMap<String, Value>();
                changed.put("v", Value.Text.of("x"));
                table.update(key, changed);
                changed.put("v", value);
                table.update(key, changed);
                assertThat(table.row(key).orElseThrow()).isEqualTo(row);
                assertThat(table.exists(key)).isTrue();
                table.delete(key);
            }
        }
    }

    @Test void every_value_survives_in_utf8_files() throws SQLException {
        var values = new java.util.ArrayList<>(VALUES);
        values.add(new Value.Text(new byte[] {(byte) 0xff, 0, 'a', (byte) 0xc3}));
        check("UTF-8", values);
    }

    @Test void every_value_survives_in_utf16_files() throws SQLException {
        var values = new java.util.ArrayList<>(VALUES);
        values.add(new Value.Text(new byte[] {'a', (byte) 0xED, (byte) 0xA0, (byte) 0x80, 'b'}));          // a lone high surrogate
        check("UTF-16le", values);
        check("UTF-16be", values);
    }

    @Test void a_utf16_file_holds_the_nearest_text_and_reading_it_is_no_edit() {
        var invalid = new Value.Text(new byte[] {(byte) 0xff, 'a'});
        var held = TextForm.UTF_16_LE.read(TextForm.UTF_16_LE.stored(invalid));
        assertThat(held).isEqualTo(Value.Text.of("\uFFFDa"));
        assertThat(Same.inFile(held, invalid, TextForm.UTF_16_LE)).isTrue();
        assertThat(Same.inFile(held, invalid, TextForm.UTF_8)).isFalse();
        assertThat(Same.inFile(Value.Text.of("b"), invalid, TextForm.UTF_16_LE)).isFalse();
    }
}
