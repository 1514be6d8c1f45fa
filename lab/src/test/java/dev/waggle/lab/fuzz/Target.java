package dev.waggle.lab.fuzz;

/// Something that reads what others wrote. One object serves all inputs of a run, one after the other.
@FunctionalInterface
interface Target {
    /// Feeds one input to the product and checks what must hold whatever the input is.
    ///
    /// @throws Throwable when a promise is broken: whatever leaves this method is a finding
    void run(byte[] input) throws Throwable;
}
