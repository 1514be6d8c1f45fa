/// Hives on this node: who may act here (agents with keys), what is done for them (commands to events), and who looks on (live feeds).
/// Read [dev.waggle.node.hive.Hives] first. What a hive shows is decided in `apps.hive` and kept in `store.hive`.
package dev.waggle.node.hive;
