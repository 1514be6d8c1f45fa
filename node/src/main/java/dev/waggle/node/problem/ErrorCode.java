package dev.waggle.node.problem;

/// Every answer "no" that a node gives. `wire` is the one spelling in error bodies; the sentence is what docs/errors.md says.
public enum ErrorCode {
    BAD_REQUEST("bad_request", 400, Exit.USAGE, "The request is not what its route takes: a member is missing, malformed or too large."),
    UNAUTHORISED("unauthorised", 401, Exit.REFUSED, "The request carries no valid token. The token is in the file `token` of the data folder."),
    FORBIDDEN("forbidden", 403, Exit.REFUSED, "The request came from a page or under a host name that is not this node's own."),
    NOT_FOUND("not_found", 404, Exit.REFUSED, "There is no such space, peer, conflict, job or route here."),
    METHOD_NOT_ALLOWED("method_not_allowed", 405, Exit.USAGE, "The route exists, but not with this HTTP method."),
    TOO_LARGE("too_large", 413, Exit.USAGE, "The body is larger than 64 KiB."),
    NOT_JSON("not_json", 415, Exit.USAGE, "A request that changes something needs a body of type application/json."),
    TOO_MANY("too_many", 429, Exit.REFUSED, "Too much of this is going on already. Nothing was lost; try again."),
    ALREADY_RUNNING("already_running", 409, Exit.REFUSED, "Another process uses this data folder or its key."),
    KEY_MISSING("key_missing", 409, Exit.REFUSED, "The data folder belongs to a node whose key is not on this machine."),
    KEY_EXPOSED("key_exposed", 409, Exit.REFUSED, "Others on this machine may read the key or the token: the file's or folder's permissions are too wide."),
    DATA_DAMAGED("data_damaged", 409, Exit.REFUSED, "A file of the node cannot be read as what it should be."),
    NEWER_DATA("newer_data", 409, Exit.REFUSED, "A newer Waggle wrote this data folder."),
    ALREADY_TRACKED("already_tracked", 409, Exit.REFUSED, "The file belongs to a space of this node already."),
    NOT_TRACKABLE("not_trackable", 422, Exit.REFUSED, "The file, or a table in it, cannot be tracked; the message names the reason and the way out."),
    ADOPT_NEEDED("adopt_needed", 409, Exit.REFUSED, "The file has rows that differ from the space's. Say which side is shown: `--adopt mine` or `--adopt theirs`."),
    FILE_UNUSABLE("file_unusable", 422, Exit.REFUSED, "The file is no SQLite database, is encrypted, read-only, or locked for too long."),
    BAD_TICKET("bad_ticket", 422, Exit.REFUSED, "The ticket is truncated, changed, expired or used."),
    PEER_UNREACHABLE("peer_unreachable", 502, Exit.NOT_REACHABLE, "The other node did not answer at any of its addresses."),
    NOT_ALLOWED("not_allowed", 403, Exit.REFUSED, "This node's role in the space does not allow that."),
    NOT_CONDENSED("not_condensed", 409, Exit.REFUSED, "The log was not condensed: there is no checkpoint yet, what it names is not all here, it says something else, or another run goes on."),
    READ_ONLY("read_only", 403, Exit.REFUSED, "It is a mirror of a hive that lives elsewhere: it can be read here and is written where it lives."),
    TAKEN("taken", 409, Exit.REFUSED, "Another node works on the task, or it is assigned to another one."),
    CHANGED("changed", 409, Exit.REFUSED, "The task has changed since the version that the request names: look at it again."),
    STORAGE("storage", 507, Exit.REFUSED, "Disk or database failed: full, read-only, or an I/O error. Nothing was changed; a retry is safe."),
    NOT_READY("not_ready", 503, Exit.REFUSED, "The node is starting, stopping, or its progress is frozen; the message says why."),
    NODE_UNREACHABLE("node_unreachable", 503, Exit.NOT_REACHABLE, "No running node answered for this data folder."),
    INTERNAL("internal", 500, Exit.INTERNAL, "A bug. The node's log has the details under the request id.");

    private final String wire;
    private final int status;
    private final int exit;
    private final String sentence;

    ErrorCode(String wire, int status, int exit, String sentence) {
        this.wire = wire;
        this.status = status;
        this.exit = exit;
        this.sentence = sentence;
    }

    public String wire() {
        return wire;
    }

    /// The HTTP status that goes with it.
    public int status() {
        return status;
    }

    /// The exit code of a command that ends with it.
    public int exit() {
        return exit;
    }

    public String sentence() {
        return sentence;
    }

    /// The code spelt `wire`; [#INTERNAL] for one that this version does not know.
    public static ErrorCode of(String wire) {
        for (var code : values()) if (code.wire.equals(wire)) return code;
        return INTERNAL;
    }
}
