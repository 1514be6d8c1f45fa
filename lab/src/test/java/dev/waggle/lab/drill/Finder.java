package dev.waggle.lab.drill;

/// What has to find a mistake.
sealed interface Finder {
    /// Seeds of the simulator, one after the other.
    ///
    /// @param reason a regular expression for the failure: a mistake that is found for another reason is not understood
    record Simulator(String reason) implements Finder {
        @Override public String toString() {
            return "simulator, " + reason;
        }
    }

    /// Seeds whose trace differs between two processes: what depends on the identity of objects or on a hash that each process salts anew.
    record TwoProcesses() implements Finder {
        @Override public String toString() {
            return "two processes, other traces";
        }
    }

    /// One method of a test class, or all with `*`.
    record Test(String type, String method) implements Finder {
        @Override public String toString() {
            return type.substring(type.lastIndexOf('.') + 1) + "." + method;
        }
    }

    static Finder read(String text) {
        var words = text.split(" +", 2);
        var rest = words.length > 1 ? words[1] : "";
        return switch (words[0]) {
            case "simulator" -> new Simulator(rest);
            case "two-processes" -> new TwoProcesses();
            case "test" -> new Test(rest.substring(0, rest.indexOf('#')), rest.substring(rest.indexOf('#') + 1));
            default -> throw new IllegalArgumentException("no way to find a mistake: " + text);
        };
    }
}
