package dev.waggle.node.cli;

import dev.waggle.node.problem.Exit;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

import java.util.concurrent.Callable;

@Command(name = "completion", mixinStandardHelpOptions = true,
    description = {"Print a completion script for bash and zsh. Use it with: source <(waggle completion)", ""})
final class CompletionCommand implements Callable<Integer> {
    @Override public Integer call() {
        new Output(Main.out(), Main.err(), false).raw(AutoComplete.bash("waggle", Main.commandLine()));
        return Exit.OK;
    }
}
