/// The simulator: the real engine, protocol, log rules and table view of many nodes in one thread, under a virtual clock, a seeded network
/// and stores that crash. Read [dev.waggle.sim.Simulation] first. One seed is one run: equal seeds give equal traces.
package dev.waggle.sim;
