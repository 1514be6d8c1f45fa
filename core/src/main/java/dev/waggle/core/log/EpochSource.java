package dev.waggle.core.log;

import dev.waggle.core.event.Epoch;

import java.util.function.Supplier;

/// Where a log gets a fresh epoch from when it has to open one itself (a rebase, a fork of the node's own chain). `core` has no chance of
/// its own: the node passes the operating system's generator, the simulator a seeded one. Two calls never give equal epochs.
@FunctionalInterface
public interface EpochSource extends Supplier<Epoch> {}
