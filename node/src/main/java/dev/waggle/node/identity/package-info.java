/// Who this node is and whether it may go on writing where it stopped: the data folder and its lock, the key outside it, the lineage.
/// Read [dev.waggle.node.identity.Identity] first: the order in which the others are used is there.
package dev.waggle.node.identity;
