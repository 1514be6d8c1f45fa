package dev.waggle.node;

/// Numbers of things in sentences for people: "1 table", "3 tables".
public final class Plural {
    private Plural() {}

    public static String of(long number, String one) {
        return number + " " + (number == 1 ? one : one + "s");
    }
}
