package dev.waggle.node;

import dev.waggle.core.event.NodeId;
import dev.waggle.net.http.FeedClient;
import dev.waggle.net.http.SyncV1Client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;

/// What a person's address comes to when it is dialled: a name is looked up once, so that the address that is judged is the one that is used.
public final class Dialled {
    private Dialled() {}

    /// An address like this one is never dialled.
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why);
        }
    }

    /// @param plain without TLS, which never leaves this machine
    /// @return `http(s)://address:port`
    public static URI resolve(boolean plain, HostPort at) throws IOException {
        InetAddress address;
        try {
            address = InetAddress.getByName(at.host());
        } catch (UnknownHostException e) {
            throw new IOException("no address is known for that name", e);
        }
        if (!SyncPeer.mayDial(address)) throw new Refused("addresses like this one are never dialled");
        if (plain && !address.isLoopbackAddress()) throw new Refused("a plain connection leaves this machine: use https");
        return URI.create((plain ? "http://" : "https://") + new HostPort(address.getHostAddress().replaceAll("%.*", ""), at.port()).text());
    }

    /// A client for the public hives of the node at an address.
    ///
    /// @param expected nobody else is believed; empty to take any node
    /// @throws IOException when the name is unknown, or stands for an address that is never dialled
    public static FeedClient feeds(Node node, boolean plain, HostPort at, Optional<NodeId> expected) throws IOException {
        return new FeedClient(resolve(plain, at), node.identity().seed(), expected);
    }

    /// A client for what a node answers to members.
    ///
    /// @param at       an address that may be dialled
    /// @param expected nobody else is told anything
    public static SyncV1Client member(Node node, URI at, NodeId expected) {
        return new SyncV1Client(at, node.identity().seed(), expected);
    }
}
