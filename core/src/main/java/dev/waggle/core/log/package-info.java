/// The log of a space: how an offered event is judged ([dev.waggle.core.log.Admission]) and in which order a node keeps what it admitted
/// ([dev.waggle.core.log.Entry]). Read [dev.waggle.core.log.EventLog] first: it is the port that SQL and memory implement.
/// Invariants I3-I7, I9 and I14 (docs/protocol.md) are kept here.
package dev.waggle.core.log;
