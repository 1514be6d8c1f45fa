/// Finding peers by a hub. [dev.waggle.node.hub.Registry] is what a hub keeps: who is registered, in which hives, and when they were last heard of.
/// [dev.waggle.node.hub.HubClient] is the other end: a node that registers, tells which hives it takes part in, and hands what the hub says of peers to its engine.
/// Read `net.http.MapV1Handler` for the shapes in between.
package dev.waggle.node.hub;
