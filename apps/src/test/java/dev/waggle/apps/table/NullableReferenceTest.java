package dev.waggle.apps.table;

import org.junit.jupiter.api.Test;

import java.util.List;

import static dev.waggle.apps.table.TestNode.gone;
import static dev.waggle.apps.table.TestNode.put;
import static dev.waggle.apps.table.TestNode.table;
import static dev.waggle.apps.table.TestTables.key;
import static dev.waggle.apps.table.TestTables.row;
import static org.assertj.core.api.Assertions.assertThat;

/// A foreign key may refer to a unique column that can be NULL: `sale.card REFERENCES customer (card)`. One program takes the card away while
/// another, which does not know it yet, writes a sale with it. Found by `waggle simulate --schema`.
class NullableReferenceTest {
    private static final TableSchema CUSTOMER = TestTables.schema("customer", TableSchema.Identity.EVENT, List.of("id"),
        List.of(TestTables.column("id", "INTEGER", false), TestTables.column("card", "TEXT", false)),
        List.of(TestTables.unique("", List.of("id"), List.of("BINARY"), null), TestTables.unique("customer_card", List.of("card"), List.of("BINARY"), null)), List.of());
    private static final TableSchema SALE = sale("sale", false);
    private static final TableSchema MEMBERSHIP = sale("membership", true);

    private final TestNode a = new TestNode(1);
    private final TestNode b = new TestNode(2);

    private static TableSchema sale(String name, boolean cardNotNull) {
        return TestTables.schema(name, TableSchema.Identity.KEY, List.of("code"),
            List.of(TestTables.column("code", "TEXT", true), TestTables.column("card", "TEXT", cardNotNull), TestTables.column("sum", "INTEGER", false)),
            List.of(TestTables.unique("", List.of("code"), List.of("BINARY"), null)),
            List.of(new TableSchema.ForeignKey(0, List.of("card"), "customer", List.of("card"))));
    }

    private void bothKnowTheCustomer() {
        for (var schema : List.of(CUSTOMER, SALE, MEMBERSHIP)) a.write(ChangeSetCodec.schema(schema), 1);
        a.view.settle();
        a.program(10, put("customer", key(1), row("id", 1, "card", "c1")));
        b.pull(a);
    }

    private void theCardGoesWhileBUsesIt(String table) {
        bothKnowTheCustomer();
        a.program(20, put("customer", key(1), row("id", 1, "card", null)));
        b.program(21, put(table, key("s1"), row("code", "s1", "card", "c1", "sum", 5)));
        exchange();
    }

    private void exchange() {
        b.pull(a);
        a.pull(b);
        assertThat(TestNode.rows(a.view)).isEqualTo(TestNode.rows(b.view));
    }

    @Test void a_reference_to_a_value_that_is_gone_shows_null() {
        theCardGoesWhileBUsesIt("sale");
        assertThat(table(a.view, "sale")).containsExactly(row("code", "s1", "card", null, "sum", 5));
        b.program(30, put("sale", key("s1"), row("code", "s1", "card", null, "sum", 6)));      // who does not mean the card leaves it alone
        a.program(31, put("customer", key(1), row("id", 1, "card", "c2")));                    // a does not know of the sale's new sum
        exchange();
        assertThat(table(a.view, "sale")).containsExactly(row("code", "s1", "card", null, "sum", 6));
    }

    @Test void deleting_the_parent_does_not_bring_it_back_for_a_child_that_shows_null() {
        theCardGoesWhileBUsesIt("sale");
        a.program(30, gone("customer", key(1)));
        exchange();
        assertThat(table(b.view, "customer")).isEmpty();
        assertThat(table(b.view, "sale")).containsExactly(row("code", "s1", "card", null, "sum", 5));
    }

    @Test void where_the_column_must_not_be_null_the_child_is_kept_out_and_nothing_is_lost() {
        theCardGoesWhileBUsesIt("membership");
        assertThat(table(a.view, "membership")).isEmpty();
        assertThat(a.view.conflicts()).extracting(Conflict::kind, Conflict::table).containsExactly(org.assertj.core.groups.Tuple.tuple(Conflict.Kind.CONSTRAINT, "membership"));
        a.program(30, put("customer", key(1), row("id", 1, "card", "c1")));
        exchange();
        assertThat(table(a.view, "membership")).containsExactly(row("code", "s1", "card", "c1", "sum", 5));
        assertThat(a.view.conflicts()).isEmpty();
    }
}
