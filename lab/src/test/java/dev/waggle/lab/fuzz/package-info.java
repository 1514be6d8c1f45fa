/// Inputs that nobody sane would send, millions of them, to everything that reads bytes, text or files of others.
///
/// Read [dev.waggle.lab.fuzz.Targets] first: it lists what is attacked. A target is one method that takes bytes and fails when a promise is broken;
/// Jazzer makes the bytes, guided by the branches that they reach. [dev.waggle.lab.fuzz.Corpus] is where inputs are kept:
/// those in `lab/src/test/fuzz/TARGET` are replayed by every build, those that a run discovers lie under `lab/target/fuzz`.
/// [dev.waggle.lab.fuzz.FuzzTest] is what a build does, [dev.waggle.lab.fuzz.FuzzMain] the long command behind `./waggle fuzz`.
package dev.waggle.lab.fuzz;
