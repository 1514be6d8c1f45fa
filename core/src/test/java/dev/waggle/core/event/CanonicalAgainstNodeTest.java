package dev.waggle.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.waggle.core.Property;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Our spelling against ECMAScript's own, which is the one RFC 8785 refers to.
class CanonicalAgainstNodeTest {
    @TempDir Path scratch;

    @BeforeEach void needs_node() {
        assumeTrue(NodeJs.isInstalled(), "Node.js is not installed");
    }

    @Tag("A03") @Test void numbers_are_spelt_as_node_spells_them() throws Exception {
        var numbers = new ArrayList<Double>();
        var random = Property.random(1);
        for (long bits = 0; bits < 3_000; bits++) numbers.add(Double.longBitsToDouble(bits));            // the subnormals with one and two digits
        for (int exponent = 0; exponent < 2_047; exponent++)                                             // powers of two, whose neighbours are uneven
            for (int off = -1; off <= 1; off++) numbers.add(Double.longBitsToDouble(Math.max(0, ((long) exponent << 52) + off)));
        for (int power = -323; power <= 308; power++) numbers.add(Double.parseDouble("1e" + power));
        for (int i = 0; i < 20_000; i++) numbers.add(RandomJson.number(random));

        var input = new StringBuilder();
        for (var number : numbers) input.append(Long.toHexString(Double.doubleToRawLongBits(number))).append('\n');
        var result = NodeJs.run(scratch, input.toString(), "-e", """
            const view = new DataView(new ArrayBuffer(8));
            for (const line of require('fs').readFileSync(0, 'utf8').trim().split('\\n')) {
              view.setBigUint64(0, BigInt('0x' + line));
              console.log(JSON.stringify(view.getFloat64(0)));
            }
            """);
        assertThat(result.err()).isEmpty();
        var spelt = result.out().strip().split("\n");
        assertThat(spelt).hasSize(numbers.size());
        for (int i = 0; i < spelt.length; i++) assertThat(Canonical.number(numbers.get(i))).isEqualTo(spelt[i]);
    }

    @Tag("A03") @Test void values_are_spelt_as_node_spells_them_with_sorted_members() throws Exception {
        List<String> ours = new ArrayList<>();
        Property.check(2_000, random -> ours.add(Canonical.text(RandomJson.value(random, 4))));
        var result = NodeJs.run(scratch, String.join("\n", ours) + "\n", "-e", """
            const canonical = v => Array.isArray(v) ? '[' + v.map(canonical).join(',') + ']'
              : v && typeof v === 'object'
                ? '{' + Object.keys(v).sort().map(k => JSON.stringify(k) + ':' + canonical(v[k])).join(',') + '}'
                : JSON.stringify(v);
            for (const line of require('fs').readFileSync(0, 'utf8').slice(0, -1).split('\\n')) console.log(canonical(JSON.parse(line)));
            """);
        assertThat(result.err()).isEmpty();
        assertThat(List.of(result.out().split("\n"))).isEqualTo(ours);
    }
}
