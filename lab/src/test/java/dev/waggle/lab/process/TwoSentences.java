package dev.waggle.lab.process;

import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.Assertions;

/// How every refusal reads: what happened, and what to do. No class names, no stack.
final class TwoSentences {
    private TwoSentences() {}

    /// The message that a command ended with; progress lines may stand before it.
    static AbstractStringAssert<?> in(NodeProcess.Ended said) {
        int at = said.err().lastIndexOf("waggle: ");
        Assertions.assertThat(at).as("a message in " + said).isNotNegative();
        return in(said.err().substring(at + "waggle: ".length()));
    }

    static AbstractStringAssert<?> in(String message) {
        return Assertions.assertThat(message.strip()).matches("(?s).+[.;] .+\\.").doesNotContain("Exception").doesNotContain("SQLITE_").doesNotContain("dev.waggle");
    }
}
