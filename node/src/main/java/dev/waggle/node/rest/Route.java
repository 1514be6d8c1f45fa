package dev.waggle.node.rest;

import java.util.List;

/// One thing that a node does over HTTP. The same record is served, documented and called in-process.
///
/// @param path     with `{names}` for parts of the path
/// @param open     served without the token
/// @param agents   served to holders of an agent's key, too: the handler looks whose it is
/// @param fields   members of the body, or of the query for GET
/// @param answers  one sentence about the answer's members
public record Route(String method, String path, boolean open, boolean agents, String summary, List<Field> fields, String answers, Handler handler) {
    public Route(String method, String path, boolean open, String summary, List<Field> fields, String answers, Handler handler) {
        this(method, path, open, false, summary, fields, answers, handler);
    }

    public interface Handler {
        Reply handle(Request request);
    }

    /// For the node's token and for agents' keys.
    static Route forAgents(String method, String path, String summary, List<Field> fields, String answers, Handler handler) {
        return new Route(method, path, false, true, summary, fields, answers, handler);
    }

    /// @param type `string`, `integer`, `boolean` or `strings`
    public record Field(String name, String type, boolean required, String says) {}

    static Field needed(String name, String says) {
        return new Field(name, "string", true, says);
    }

    static Field text(String name, String says) {
        return new Field(name, "string", false, says);
    }

    static Field number(String name, String says) {
        return new Field(name, "integer", false, says);
    }

    static Field flag(String name, String says) {
        return new Field(name, "boolean", false, says);
    }

    static Field texts(String name, String says) {
        return new Field(name, "strings", false, says);
    }
}
