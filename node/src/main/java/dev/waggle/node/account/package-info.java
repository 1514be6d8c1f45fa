/// Whom a hub knows, and a node at its hub. [dev.waggle.node.account.Accounts] keeps organisations, users and API keys, [dev.waggle.node.account.Swarms] nodes and their projects, as
/// events in a space of the type `hub`, which [dev.waggle.node.account.Audit] reads backwards; [dev.waggle.node.account.NodeDoor] is where nodes come in with an API key and prove who they are; [dev.waggle.node.account.SignIns] is where people do.
/// [dev.waggle.node.account.HubLink] is the other end: a node that keeps itself known at its hub, brings its projects there and takes part in those of others.
///
/// An account authors nothing: what a node may write in a project its log decides. Tickets that are made and redeemed over these connections say so in the log.
/// Read [dev.waggle.node.account.Accounts] first, then docs/accounts.md.
package dev.waggle.node.account;
