/// A dress rehearsal for the JVM, run once after a build: see [dev.waggle.node.rehearsal.Rehearsal]. Nothing else uses it.
package dev.waggle.node.rehearsal;
