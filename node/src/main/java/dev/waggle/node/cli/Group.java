package dev.waggle.node.cli;

import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/// A command that only groups others: alone it explains itself, which is no success.
abstract class Group implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Override public Integer call() {
        spec.commandLine().usage(Main.err());
        return Exit.USAGE;
    }
}
