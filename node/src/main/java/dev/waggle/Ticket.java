package dev.waggle;

/// An invitation to a space: whoever has the text may join once. Treat it as a password.
///
/// @param text what `waggle invite` prints
public record Ticket(String text) {
    @Override public String toString() {
        return "Ticket[…]";
    }
}
