/// How two nodes come to hold the same events. Pure: no clock, chance, threads or I/O. `engine` and the simulator drive it.
/// Read [dev.waggle.sync.protocol.Frame] first. Invariants I1, I5-I7 and I9 (docs/protocol.md) are kept here.
package dev.waggle.sync.protocol;
