/// Time as a value: [dev.waggle.core.time.Hlc] stamps are computed from a wall time that the caller passes in.
package dev.waggle.core.time;
