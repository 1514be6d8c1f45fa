package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;

@Command(name = "member", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "Who may read and write a space.",
    subcommands = {MemberCommand.Listing.class, MemberCommand.Add.class, MemberCommand.Remove.class, MemberCommand.ChangeRole.class, MemberCommand.Transfer.class,
        MemberCommand.Claim.class, MemberCommand.Rotate.class, MemberCommand.Readmit.class})
final class MemberCommand extends Group {
    abstract static class OfSpace extends NodeCommand {
        @Option(names = "--space", paramLabel = "SPACE", description = "Name or id. May be left out when there is one.")
        String space = "";

        String path(String rest) {
            return "/api/v1/spaces/" + (space.isEmpty() ? "-" : encode(space)) + "/members" + rest;
        }

        int change(Client node, Output out, String path, Json.Obj body, String says) {
            var done = node.post(path(path), body);
            out.answer(done, () -> out.line(says + " Event " + brief(done.text("event")) + "."));
            return Exit.OK;
        }
    }

    abstract static class OfMember extends OfSpace {
        @Parameters(index = "0", paramLabel = "NODE", description = "The beginning of the member's node id, or \"me\".")
        String member;

        String of(String what) {
            return "/" + encode(member) + what;
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the members, their roles, and who was a member.")
    static final class Listing extends OfSpace {
        @Override int run(Client node, Output out) {
            var listed = node.get(path(""));
            out.answer(listed, () -> {
                var rows = new ArrayList<>(List.of(List.of("NODE", "ROLE", "")));
                for (var each : listed.array("members")) {
                    Json.Obj one = each.asObject();
                    rows.add(List.of(one.text("node"), one.text("role"), one.get("self").filter(Json.TRUE::equals).isPresent() ? "this node" : ""));
                }
                for (var each : listed.array("former")) {
                    Json.Obj one = each.asObject();
                    rows.add(List.of(one.text("node"), "none", "no member any more, by event " + brief(one.text("by"))));
                }
                out.table(rows);
                listed.textIfPresent("removed_by").ifPresent(by -> out.line("This node was removed from the space, by event " + brief(by)
                    + ": what it writes on reaches the others and has no effect there. Its owner or a moderator can add it again."));
            });
            return Exit.OK;
        }
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Add a member by its node id, without a ticket.")
    static final class Add extends OfSpace {
        @Parameters(index = "0", paramLabel = "NODE", description = "Its node id, 64 digits.")
        String member;

        @Option(names = "--role", paramLabel = "ROLE", defaultValue = "writer", description = "moderator, writer, coordinator or reader. Default: writer.")
        String role;

        @Override int run(Client node, Output out) {
            return change(node, out, "", Json.object("node", member, "role", role), "Node " + brief(member) + " is a " + role + " now.");
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = {"Remove a member. What it wrote and is known here counts on; what comes to light later has no effect.",
        "With --since or --all, what it wrote loses its effect, too."})
    static final class Remove extends OfMember {
        @Option(names = "--since", paramLabel = "TIME", description = "Void what its clock stamped then or later, such as 2026-11-25T08:30:00Z.")
        String since;

        @Option(names = "--all", description = "Void everything it wrote.")
        boolean all;

        @Option(names = "--preview", description = "Only say what would be void.")
        boolean preview;

        @Override int run(Client node, Output out) {
            var done = node.post(path(of("/remove")), Json.object("since", since, "all", all, "preview", preview));
            var voids = count(done, "events", "event") + "; records that change back: " + (done.get("more").filter(Json.TRUE::equals).isPresent() ? "more than " : "")
                + done.integer("records");
            out.answer(done, () -> out.line(preview ? "Removing " + brief(done.text("node")) + " would void " + voids + "."
                : "Node " + brief(done.text("node")) + " is no member any more. Void: " + voids + ". Event " + brief(done.text("event")) + "."));
            return Exit.OK;
        }
    }

    @Command(name = "role", mixinStandardHelpOptions = true, description = "Change what a member may do.")
    static final class ChangeRole extends OfMember {
        @Parameters(index = "1", paramLabel = "ROLE", description = "moderator, writer, coordinator or reader.")
        String role;

        @Override int run(Client node, Output out) {
            return change(node, out, of("/role"), Json.object("role", role), "The member is a " + role + " now.");
        }
    }

    @Command(name = "transfer", mixinStandardHelpOptions = true, description = "Make a member the owner; this node, the owner so far, is a moderator then.")
    static final class Transfer extends OfMember {
        @Override int run(Client node, Output out) {
            return change(node, out, of("/transfer"), Json.object(), "The space has a new owner.");
        }
    }

    @Command(name = "claim", mixinStandardHelpOptions = true, description = {"Take over the space of an owner who is gone: of whom nothing was seen for the space's waiting time (30 days).",
        "Only the longest-standing moderator may, or where there is none the longest-standing member. The claim has no effect any more when something of the owner comes to light that was "
            + "written in that time."})
    static final class Claim extends OfSpace {
        @Override int run(Client node, Output out) {
            return change(node, out, "/claim", Json.object(), "This node is the owner now.");
        }
    }

    @Command(name = "rotate", mixinStandardHelpOptions = true, description = "Give a member's place to another key: a new device, or one whose old key was lost or stolen.")
    static final class Rotate extends OfMember {
        @Parameters(index = "1", paramLabel = "NEW-NODE", description = "The new key's node id, 64 digits.")
        String to;

        @Override int run(Client node, Output out) {
            return change(node, out, of("/rotate"), Json.object("to", to), "Node " + brief(to) + " has the member's place now.");
        }
    }

    @Command(name = "readmit", mixinStandardHelpOptions = true, description = "Let what a removal voided of somebody's events, as far as it is known here, count again.")
    static final class Readmit extends OfMember {
        @Override int run(Client node, Output out) {
            return change(node, out, of("/readmit"), Json.object(), "The member's events count again.");
        }
    }
}
