package dev.waggle.lab.fuzz;

/// A bug to be found. Four bytes, each compared on a branch of its own: guessing them all at once takes 2^32 inputs, guessing them one by one, told
/// by coverage that one was right, some thousands. Whoever finds this in seconds is guided by coverage.
final class Planted implements Target {
    @Override public void run(byte[] input) {
        if (input.length < 4) return;
        if (input[0] == 'b' && input[1] == 'e' && input[2] == 'e' && input[3] == 's')
            throw new IllegalStateException("the planted bug");
    }
}
