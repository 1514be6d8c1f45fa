package dev.waggle.apps.table;

import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A [TableSchema] in a payload:
/// `{"name", "columns": [[name, type, not null, collation, generated] …], "key": [name …], "identity", "uniques": [[name, [column …], [collation …], where or null] …],
/// "foreign_keys": [[id, [column …], parent, [column …]] …], "without_rowid", "sql": [text …]}`.
final class SchemaJson {
    private static final Set<String> MEMBERS = Set.of(Envelope.MEMBER, "name", "columns", "key", "identity", "uniques", "foreign_keys", "without_rowid", "sql");

    private SchemaJson() {}

    static Json.Obj write(TableSchema schema) {
        return Json.object(
            "name", schema.name(),
            "columns", Json.array(schema.columns().stream().map(column -> Json.array(Json.of(column.name()), Json.of(column.type()),
                Json.of(column.notNull()), Json.of(column.collation()), Json.of(column.generated()))).toList()),
            "key", texts(schema.key()),
            "identity", schema.identity().wire(),
            "uniques", Json.array(schema.uniques().stream().map(unique -> Json.array(Json.of(unique.name()), texts(unique.columns()),
                texts(unique.collations()), unique.where().map(Json::of).orElse(Json.NULL))).toList()),
            "foreign_keys", Json.array(schema.foreignKeys().stream().map(foreign -> Json.array(Json.of((long) foreign.id()), texts(foreign.columns()),
                Json.of(foreign.parent()), texts(foreign.parentColumns()))).toList()),
            "without_rowid", schema.withoutRowid(),
            "sql", texts(schema.sql()));
    }

    /// @throws MalformedPayload when it is no schema, or one whose parts do not fit together
    static TableSchema read(Json.Obj body) {
        try {
            for (var name : body.members().keySet()) if (!MEMBERS.contains(name)) throw new MalformedPayload("an unknown member");
            var schema = new TableSchema(body.text("name"),
                body.array("columns").stream().map(SchemaJson::column).toList(),
                readTexts(body.array("key")),
                identity(body.text("identity")),
                body.array("uniques").stream().map(SchemaJson::unique).toList(),
                body.array("foreign_keys").stream().map(SchemaJson::foreignKey).toList(),
                truth(body.get("without_rowid").orElse(Json.NULL)),
                readTexts(body.array("sql")));
            require(schema);
            return schema;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedPayload("schema: " + e.getMessage());
        }
    }

    private static void require(TableSchema schema) {
        var columns = new HashSet<String>();
        for (var column : schema.columns()) if (!columns.add(column.name())) throw new MalformedPayload("a column twice");
        if (schema.key().isEmpty() || !columns.containsAll(schema.key())) throw new MalformedPayload("a key names columns of its table");
        if (schema.uniques().isEmpty() || !schema.uniques().getFirst().name().isEmpty() || !schema.uniques().getFirst().columns().equals(schema.key()))
            throw new MalformedPayload("the first unique index is the key");
        var names = new HashSet<String>();
        for (var unique : schema.uniques()) {
            if (!names.add(unique.name())) throw new MalformedPayload("a unique index twice");
            if (!columns.containsAll(unique.columns())) throw new MalformedPayload("a unique index names columns of its table");
            if (unique.collations().size() != unique.columns().size()) throw new MalformedPayload("a unique index has a collation for each column");
        }
        var ids = new HashSet<Integer>();
        for (var foreign : schema.foreignKeys()) {
            if (!ids.add(foreign.id()) || foreign.id() < 0) throw new MalformedPayload("foreign keys are numbered, each once");
            if (foreign.columns().isEmpty() || foreign.columns().size() != foreign.parentColumns().size() || !columns.containsAll(foreign.columns()))
                throw new MalformedPayload("a foreign key names columns of its table and as many of its parent");
        }
    }

    private static TableSchema.Column column(Json json) {
        var parts = parts(json, 5);
        return new TableSchema.Column(parts.get(0).asText(), parts.get(1).asText(), truth(parts.get(2)), parts.get(3).asText(), truth(parts.get(4)));
    }

    private static TableSchema.Unique unique(Json json) {
        var parts = parts(json, 4);
        return new TableSchema.Unique(parts.get(0).asText(), readTexts(parts.get(1).asArray()), readTexts(parts.get(2).asArray()),
            parts.get(3) instanceof Json.Null ? Optional.empty() : Optional.of(parts.get(3).asText()));
    }

    private static TableSchema.ForeignKey foreignKey(Json json) {
        var parts = parts(json, 4);
        return new TableSchema.ForeignKey(Math.toIntExact(parts.get(0).asInteger()), readTexts(parts.get(1).asArray()), parts.get(2).asText(),
            readTexts(parts.get(3).asArray()));
    }

    private static List<Json> parts(Json json, int count) {
        var parts = json.asArray();
        if (parts.size() != count) throw new MalformedPayload("expected " + count + " parts");
        return parts;
    }

    private static TableSchema.Identity identity(String wire) {
        for (var identity : TableSchema.Identity.values()) if (identity.wire().equals(wire)) return identity;
        throw new MalformedPayload("an unknown identity");
    }

    private static boolean truth(Json json) {
        if (json instanceof Json.Bool(var value)) return value;
        throw new MalformedPayload("expected true or false");
    }

    private static Json texts(List<String> texts) {
        return Json.array(texts.stream().map(Json::of).toList());
    }

    private static List<String> readTexts(List<Json> items) {
        var texts = new ArrayList<String>();
        for (var item : items) texts.add(item.asText());
        return texts;
    }
}
