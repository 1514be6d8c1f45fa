/// What carries the protocol's decisions out: one loop that owns all sync state of a node, and the ports through which it reaches the world.
///
/// Read [dev.waggle.sync.engine.Sync] (the front), then `Engine` (how inputs are fed), `World` (how effects are carried out) and the ports
/// [dev.waggle.sync.engine.Transport], [dev.waggle.sync.engine.Spaces], [dev.waggle.sync.engine.PeerStore], [dev.waggle.sync.engine.Tickets].
/// What is decided is in `sync.protocol`.
///
/// ```
/// log commit --grown--> Engine --Input--> Protocol.step --Effect--> World --> transport, logs on workers, store
///                         ^                                           |
///                         +------------- answers, frames -------------+
/// ```
package dev.waggle.sync.engine;
