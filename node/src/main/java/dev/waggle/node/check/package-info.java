/// Checks what lies on disk: logs event by event, and the node as a whole. Only [dev.waggle.node.check.LogHealing] writes. Read [dev.waggle.node.check.LogVerify] first.
package dev.waggle.node.check;
