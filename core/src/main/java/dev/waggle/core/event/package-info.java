/// The event: what a node signs, how it is spelt, and how anyone checks it.
/// Read [dev.waggle.core.event.Event] first, then [dev.waggle.core.event.Envelope] and [dev.waggle.core.event.Canonical].
/// Nothing here reads a clock, draws chance or does I/O. The wire form is described in docs/protocol.md.
package dev.waggle.core.event;
