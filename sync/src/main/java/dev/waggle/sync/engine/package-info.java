/// The loop that owns all sync state of a node, and the ports through which it reaches the world.
/// Read [dev.waggle.sync.engine.Transport] and then the loop itself; the decisions are in `sync.protocol`.
package dev.waggle.sync.engine;
