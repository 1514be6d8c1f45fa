package dev.waggle.sim;

import dev.waggle.sync.protocol.Frame;

/// Frames as bytes. The shipped binary passes the codec of real connections; without one, frames are handed over as they are.
public interface Wire {
    byte[] encode(Frame frame);

    /// @throws RuntimeException when the bytes are no whole frame
    Frame decode(byte[] bytes);
}
