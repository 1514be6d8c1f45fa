package dev.waggle.node.account;

import dev.waggle.core.event.NodeId;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

/// Who asks for something of a hub's accounts.
public sealed interface Caller {
    /// As the log says it.
    String by();

    /// Whoever has the hub's own token: everything, in every organisation.
    record Operator() implements Caller {
        @Override public String by() {
            return "operator";
        }
    }

    /// @param admin whether changes are allowed; a member only looks
    record User(String id, String organisation, boolean admin) implements Caller {
        @Override public String by() {
            return id;
        }
    }

    /// A node that came in with a key, in what it brings about itself. It asks for nothing here.
    record Registered(NodeId node) implements Caller {
        @Override public String by() {
            return node.hex();
        }
    }

    default boolean sees(String organisation) {
        return switch (this) {
            case Operator _ -> true;
            case User user -> user.organisation.equals(organisation);
            case Registered _ -> false;
        };
    }

    /// What is not the caller's is answered like what does not exist.
    default void requireSees(String organisation) {
        if (!sees(organisation)) throw nothing();
    }

    default void requireChanges(String organisation) {
        requireSees(organisation);
        if (this instanceof User user && !user.admin) throw new Problem(ErrorCode.NOT_ALLOWED, "A member of an organisation changes nothing.", "Ask one of its admins.");
    }

    default void requireOperator() {
        if (!(this instanceof Operator)) throw new Problem(ErrorCode.NOT_ALLOWED, "That is for whoever runs the hub.", "Ask the hub's operator.");
    }

    static Problem nothing() {
        return new Problem(ErrorCode.NOT_FOUND, "There is no such thing here.", "`waggle hub` lists what there is.");
    }
}
