package dev.waggle.sync.protocol;

/// The moment of a step, as its caller read it.
///
/// @param monotonicMs never goes back while the process lives: all waiting is measured with it
/// @param wallMs      milliseconds since 1970 UTC, as wrong as the machine's clock is: for hellos, tickets and people
public record Now(long monotonicMs, long wallMs) {}
