package dev.waggle.lab.fuzz;

/// A bug to be found. Six bytes, each compared on a branch of its own: guessing them all at once takes 2^48 inputs, guessing them one by one, told
/// by coverage that one was right, a few thousand. Whoever finds this in seconds is guided by coverage.
final class Planted implements Target {
    @Override public void run(byte[] input) {
        if (input.length < 6) return;
        if (input[0] == 'w' && input[1] == 'a' && input[2] == 'g' && input[3] == 'g' && input[4] == 'l' && input[5] == 'e')
            throw new IllegalStateException("the planted bug");
    }
}
