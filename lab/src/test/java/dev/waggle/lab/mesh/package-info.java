/// A mesh of real nodes that share one hive, in processes of their own: programs write on all of them by REST while links are cut and nodes are killed.
/// Read [NineNodesTest] first: it is the whole show. [Size] says how large it is, [Programs] write, [Acknowledged] is what nodes promised to keep,
/// [Shown] is what a node shows of it.
package dev.waggle.lab.mesh;
