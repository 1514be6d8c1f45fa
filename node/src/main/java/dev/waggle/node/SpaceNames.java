package dev.waggle.node;

import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/// How people name spaces: by a name that is unique on this node, or by the beginning of the id.
final class SpaceNames {
    static final int NAME_CHARS_MAX = 80;

    private SpaceNames() {}

    /// `wanted` in a form that a command line takes, with a number behind it when the name is taken.
    static String free(String wanted, Set<String> taken) {
        var clean = wanted.strip().replaceAll("[\\p{Cntrl}\\p{Cf}/\\\\]", "").replaceAll("^-+", "");
        var name = clean.isEmpty() ? "space" : clean.substring(0, clean.offsetByCodePoints(0, Math.min(clean.codePointCount(0, clean.length()), NAME_CHARS_MAX)));
        if (!taken.contains(name)) return name;
        for (int number = 2;; number++) if (!taken.contains(name + "-" + number)) return name + "-" + number;
    }

    /// @param asked a name, an id or its beginning; empty or "-" for the only space there is
    static SpaceRuntime find(Collection<SpaceRuntime> spaces, String asked) {
        if (asked.isEmpty() || asked.equals("-")) {
            if (spaces.size() == 1) return spaces.iterator().next();
            throw spaces.isEmpty()
                ? new Problem(ErrorCode.NOT_FOUND, "This node has no space yet.", "`waggle track FILE` makes one, `waggle join TICKET FILE` joins one.")
                : new Problem(ErrorCode.BAD_REQUEST, "This node has " + spaces.size() + " spaces.", "Say which one: `waggle space list` names them.");
        }
        var named = spaces.stream().filter(space -> space.name().equals(asked)).toList();
        var found = named.isEmpty() ? byId(spaces, asked) : named;
        if (found.size() == 1) return found.getFirst();
        throw new Problem(ErrorCode.NOT_FOUND, found.isEmpty() ? "There is no space with that name or id." : "More than one space's id begins like that.",
            "`waggle space list` names them.");
    }

    private static List<SpaceRuntime> byId(Collection<SpaceRuntime> spaces, String asked) {
        return spaces.stream().filter(space -> asked.length() >= 4 && space.id().hex().startsWith(asked)).toList();
    }
}
