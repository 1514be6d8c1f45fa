package dev.waggle.sim;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// What can go wrong in a run. Named on the command line by [#wire].
public enum Fault {
    LATENCY("frames are slow, each direction by itself"),
    CUT("links are cut both ways, and both ends are told"),
    ONE_WAY("frames pass in one direction only, and wait in the other"),
    FLAP("a link is cut and healed again and again"),
    HALF_OPEN("a connection is dead and neither end is told"),
    MID_FRAME("a connection ends in the middle of a frame"),
    REPLY_LOST("a connection ends right after a frame was taken: whoever sent it hears nothing"),
    SLOW_DRAIN("a link carries few bytes a second and takes little in advance"),
    MOVE("a node comes back under another address"),
    DUPLICATE("a proxy delivers frames twice"),
    REORDER("a proxy delivers frames in another order"),
    CRASH("processes die and come back"),
    CRASH_COMMIT("processes die in the middle of a commit, or right after it, or before it reached the disk"),
    DISK_FULL("disks are full for a while"),
    IO_ERROR("a write fails in the middle of a transaction"),
    BIT_FLIP("a stored event or chunk rots; the doctor mends it with what others have"),
    RESTORE("a node comes back with an older image of its disk"),
    CLONE("a node's disk is copied, and both run"),
    SKEW("clocks are wrong by up to an hour, and set right later"),
    FAR_CLOCK("a clock is in 1970 or 2099, and set right later"),
    DRIFT("clocks are too fast or too slow"),
    FREEZE("a clock stands still for a while"),
    FORK("a member signs two events under one number"),
    FLOOD("a member sends events that wait for what never comes, and more questions than anybody has"),
    POISON("a member signs events that no view can read"),
    BACKDATE("a member signs events with stamps from the past and from the future"),
    FORGE("a member sends what it has no right to write"),
    INSIDER("a member is raised, lowered and removed, and hides behind old roles, new epochs, forks, accomplices and claims"),
    STRANGER("somebody who is no member speaks the protocol"),
    TUNABLES("every timer and limit is another than the default"),
    COMPACT("the owner writes checkpoints, and some nodes condense their logs by them while others do not");

    private final String says;

    Fault(String says) {
        this.says = says;
    }

    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// For people.
    public String says() {
        return says;
    }

    /// A member that does this is no honest one.
    boolean isHostileMember() {
        return this == FORK || this == FLOOD || this == POISON || this == BACKDATE || this == FORGE || this == INSIDER;
    }

    public static Set<Fault> all() {
        return EnumSet.allOf(Fault.class);
    }

    /// @param text `all`, `none`, or names with commas between them
    /// @throws IllegalArgumentException for a name that means nothing
    public static Set<Fault> parse(String text) {
        var found = EnumSet.noneOf(Fault.class);
        for (var name : text.split(",")) {
            switch (name.strip()) {
                case "all" -> found.addAll(all());
                case "none", "" -> { }
                default -> found.add(Arrays.stream(values()).filter(each -> each.wire().equals(name.strip())).findFirst().orElseThrow(() ->
                    new IllegalArgumentException("no fault is called " + name.strip() + "; there are: all, none, " + names(all()))));
            }
        }
        return found;
    }

    /// The inverse of [#parse].
    public static String names(Set<Fault> faults) {
        if (faults.isEmpty()) return "none";
        return faults.stream().sorted().map(Fault::wire).collect(Collectors.joining(","));
    }
}
