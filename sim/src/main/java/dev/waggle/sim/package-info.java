/// The simulator: the real engine, protocol, log rules and table view of many nodes in one thread, under virtual clocks, over a seeded network and
/// disks that fail, among members that cheat. One seed is one run: equal seeds give equal traces, in every process.
///
/// Read [dev.waggle.sim.Simulation] first, then [dev.waggle.sim.Chaos] (what goes wrong) and [dev.waggle.sim.SimNode] (what a node is here). What is
/// demanded: [dev.waggle.sim.Audit], [dev.waggle.sim.Ledger] and [dev.waggle.sim.CursorWatch] after each step, [dev.waggle.sim.Judge] at the end,
/// [dev.waggle.sim.Sometimes] of many runs together.
package dev.waggle.sim;
