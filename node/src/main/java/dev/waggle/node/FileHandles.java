package dev.waggle.node;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.lang.management.ManagementFactory;

/// How many files this process may still open. A space that would take the last ones is refused, so that those that are open can go on: a file that is written, a
/// peer that comes back and a page that is looked at need some, too.
final class FileHandles {
    /// What one more space takes, and what the others need now and then.
    static final int LEFT_MIN = 64;

    private FileHandles() {}

    /// @throws Problem when too few are left for another space; where the system does not say how many there are, there are enough
    static void requireRoom() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)
            requireRoom(system.getOpenFileDescriptorCount(), system.getMaxFileDescriptorCount());
    }

    static void requireRoom(long open, long max) {
        if (open >= 0 && max > 0 && max - open < LEFT_MIN)
            throw new Problem(ErrorCode.TOO_MANY, "This process may open " + max + " files and has " + open + " open: too few are left for another space.",
                "Allow it more (`ulimit -n 4096`, or LimitNOFILE of a service) and start the node again; what is open goes on.");
    }
}
