package dev.waggle.node.account;

import dev.waggle.core.event.SpaceId;
import dev.waggle.node.Node;

import java.util.Optional;

/// Everything of this node that has to do with accounts, put together: what a hub keeps, and what a node has at its hub.
public final class AccountService implements AutoCloseable {
    private final Accounts accounts;
    private final Optional<SignIns> signIns;
    private final Optional<NodeDoor> door;
    private final Optional<HubLink> link;

    /// @param name      how the node calls itself at its hub
    /// @param publicUrl where others find it; may be empty
    public AccountService(Node node, String name, String publicUrl) {
        accounts = new Accounts(node);
        boolean hub = node.settings().hub();
        signIns = hub ? Optional.of(new SignIns(accounts)) : Optional.empty();
        door = hub ? Optional.of(new NodeDoor(accounts)) : Optional.empty();
        link = node.settings().hubAddress().map(address -> new HubLink(node, address, name, publicUrl));
    }

    /// Begins what goes on by itself.
    public void start() {
        link.ifPresent(HubLink::start);
    }

    /// Whether a space is a project of this hub; empty while the accounts are being read.
    public Optional<Swarms.Listing> listing(SpaceId space) {
        return new Swarms(accounts).listing(space);
    }

    public Accounts accounts() {
        return accounts;
    }

    /// Empty when this node is no hub; so is the next.
    public Optional<SignIns> signIns() {
        return signIns;
    }

    public Optional<NodeDoor> door() {
        return door;
    }

    /// This node at its hub; empty when none is named.
    public Optional<HubLink> link() {
        return link;
    }

    @Override public void close() {
        link.ifPresent(HubLink::close);
        door.ifPresent(NodeDoor::close);
    }
}
