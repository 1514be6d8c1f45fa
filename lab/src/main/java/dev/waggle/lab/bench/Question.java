package dev.waggle.lab.bench;

import java.util.List;

/// One thing to find out. It leaves nothing running.
interface Question {
    /// For `--only`.
    String name();

    /// @param folder empty, its own, on the disk to be measured
    List<Measure> ask(Setting setting, java.nio.file.Path folder) throws Exception;
}
