/// What every node should show, worked out a second time: all events that count, sorted, folded from scratch by the rules of the design
/// (docs/decisions.md), slowly and obviously. Written apart from `apps.table`'s view; the two share only how change sets and schemas are read from payloads.
///
/// Read [dev.waggle.sim.oracle.Oracle] first: its stages are the rules.
package dev.waggle.sim.oracle;
