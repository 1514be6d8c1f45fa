/// The `hub` space type: whom a hub knows. Organisations, their users, API keys, nodes and swarm projects, from signed events to the accounts that count. The log
/// is the audit log, too: every change says who wanted it.
///
/// Read [dev.waggle.apps.hub.AccountChange] (what happens), then [dev.waggle.apps.hub.AccountView] (what follows from it). What a person may do is decided in
/// `node.account`, before it is written: only hubs are members of such a space. Passwords and keys come here as hashes.
package dev.waggle.apps.hub;
