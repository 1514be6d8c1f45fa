/// Three nodes under a steady load for hours: `./waggle soak`. What must stay flat is watched: memory, files, threads, how long a write travels.
///
/// [dev.waggle.lab.soak.Soak] starts the nodes, their [dev.waggle.lab.soak.Load]s and the [dev.waggle.lab.soak.Probe], takes a [dev.waggle.lab.soak.Sample] every
/// so often, and at the end compares the three files and verifies the three logs; [dev.waggle.lab.soak.SoakReport] says what came of it. Read [dev.waggle.lab.soak.Soak] first.
package dev.waggle.lab.soak;
