/// How two nodes come to hold the same events. Pure: no clock, chance, threads or I/O. `engine` and the simulator drive it.
///
/// Read [dev.waggle.sync.protocol.Frame] (what nodes say) and [dev.waggle.sync.protocol.Protocol] (who decides what), then
/// `Exchange`: the life of one space on one connection. Its parts own its state: `Outgoing` and `Receiving` (with `Incoming` and `Adopting`) what is under way,
/// `Relay` whether others' events are passed on, `Serving` what the peer asks, `Doubts` and `Repair` chains that part, `OwnChains` each side's own ones,
/// `Shown` what the peer may know, `Standing` whether the logs are equal, `Timetable` when. [dev.waggle.sync.protocol.Input] and [dev.waggle.sync.protocol.Effect] are all
/// that goes in and out. Invariants I1, I5-I7 and I9 (docs/protocol.md) are kept here.
package dev.waggle.sync.protocol;
