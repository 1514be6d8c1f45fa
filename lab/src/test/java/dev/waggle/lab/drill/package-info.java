/// Measures the tests: known mistakes are brought back one at a time, and each has to be found.
///
/// A [Mistake] is a small change of one source file, kept as data under `lab/src/test/drill`, so shipped code has no switch for it. [Planting] makes
/// the change to the text in memory and compiles that one file; a [Searcher] process puts the result before the real classes and runs what should
/// find it: seeds of the simulator, or a named test where the mistake lies outside what the simulator can see. A change of a constant is no good mistake:
/// other classes carry a copy of it and are not compiled again.
package dev.waggle.lab.drill;
