/// What a node remembers about itself and others, in `node.sqlite`: its lineage, its spaces and their files, peers, tickets, settings.
/// Nothing here is replicated, and nothing here is needed to verify a log. Read [dev.waggle.store.node.NodeStore] first.
package dev.waggle.store.node;
