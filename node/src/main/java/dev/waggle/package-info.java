/// Waggle as a library, in five nouns: a node ([dev.waggle.Waggle]), what it shares ([dev.waggle.Space]), the tables in it
/// ([dev.waggle.Collection]), the other nodes ([dev.waggle.Peer]), and the invitation that connects them ([dev.waggle.Ticket]).
/// Every call that waits has a twin that returns a future. Errors are [dev.waggle.node.problem.Problem]: two sentences and a code.
package dev.waggle;
