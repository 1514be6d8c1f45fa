/// Which test stands for which row of the catalogue of faults and for which lesson. Tests say it themselves, by a JUnit tag; [Coverage] reads the
/// tags out of the sources of all modules and writes `docs/coverage.md`. Uses nothing but the JDK, so that it runs from source in a second.
package dev.waggle.lab.coverage;
