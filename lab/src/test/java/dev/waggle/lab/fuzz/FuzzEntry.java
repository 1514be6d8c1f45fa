package dev.waggle.lab.fuzz;

/// What Jazzer calls. Its first argument names the target.
public final class FuzzEntry {
    private static Target target;

    private FuzzEntry() {}

    public static void fuzzerInitialize(String[] arguments) {
        target = Targets.named(arguments[0]).make().get();
    }

    public static void fuzzerTestOneInput(byte[] input) throws Throwable {
        Limits.run(target, input);
    }
}
