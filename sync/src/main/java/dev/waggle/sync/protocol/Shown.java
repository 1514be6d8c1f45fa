package dev.waggle.sync.protocol;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.LogState;
import dev.waggle.core.log.Tip;

import java.util.List;
import java.util.Objects;

/// The log here, as one peer may know it: all of it, or the chains of one author alone.
final class Shown {
    private LogState whole;
    private LogState state;                // what the peer may know of it
    private NodeId only;
    private byte[] fingerprint;

    Shown(LogState state) {
        this.whole = state;
        this.state = state;
    }

    /// @param author null for everybody's chains
    /// @return false when it was so already
    boolean restrict(NodeId author) {
        if (Objects.equals(author, only)) return false;
        only = author;
        view(whole);
        return true;
    }

    void view(LogState newState) {
        whole = newState;
        state = only == null ? newState : newState.of(only);
        fingerprint = null;
    }

    LogState whole() {
        return whole;
    }

    LogState state() {
        return state;
    }

    /// Whether the peer may know of the chains of one author alone.
    boolean partial() {
        return only != null;
    }

    /// The tips of the chains that are none of the peer's business.
    List<Tip> hidden() {
        return only == null ? List.of() : whole.tips().stream().filter(tip -> !tip.chain().origin().equals(only)).toList();
    }

    byte[] fingerprint() {
        if (fingerprint == null) fingerprint = state.fingerprint();
        return fingerprint;
    }
}
