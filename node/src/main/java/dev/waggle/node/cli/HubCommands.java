package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Exit;
import dev.waggle.node.problem.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

@Command(name = "hub", mixinStandardHelpOptions = true, sortOptions = false, synopsisSubcommandLabel = "COMMAND",
    description = {"On a hub (`waggle up --hub`): organisations, users, API keys, nodes. On a node with WAGGLE_HUB_URL and WAGGLE_NODE_API_KEY: its standing at its hub, and projects there.", ""},
    subcommands = {HubLinkCommands.Show.class, HubLinkCommands.Projects.class, HubLinkCommands.Publish.class, HubLinkCommands.Withdraw.class, HubLinkCommands.Join.class,
        HubCommands.Organisations.class, HubCommands.Users.class, HubCommands.Keys.class, HubCommands.Nodes.class, HubCommands.SwarmProjects.class, HubCommands.Audit.class})
final class HubCommands extends Group {
    private static final String PATH = "/api/v1/hub/";

    /// Prints a list in columns; `fields` names the members.
    private static int listed(Client node, Output out, String what, List<String> fields, String none) {
        var all = new ArrayList<Json>();
        for (boolean more = true; more; ) {
            var page = node.get(PATH + what + "?limit=500&skip=" + all.size());
            all.addAll(page.array(what));
            more = page.get("has_more").filter(Json.TRUE::equals).isPresent();
        }
        out.answer(Json.object(what, Json.array(all)), () -> {
            if (all.isEmpty()) {
                out.line(none);
                return;
            }
            var rows = new ArrayList<List<String>>();
            rows.add(fields.stream().map(each -> each.replace('_', ' ').toUpperCase(java.util.Locale.ROOT)).toList());
            for (var each : all) rows.add(fields.stream().map(field -> BoardCommands.orDash(each.asObject(), field)).toList());
            out.table(rows);
        });
        return Exit.OK;
    }

    private static int done(Output out, Json.Obj answer, String sentence) {
        out.answer(answer, () -> out.line(sentence));
        return Exit.OK;
    }

    private static int secret(Output out, Json.Obj shown) {
        out.answer(shown, () -> {
            out.line(shown.text("secret"));
            out.note("The key \"" + shown.text("name") + "\" (" + shown.text("id") + "). It is not shown again. A node takes it from WAGGLE_NODE_API_KEY, or the file that WAGGLE_NODE_API_KEY_FILE names.");
        });
        return Exit.OK;
    }

    /// Removes one thing.
    abstract static class Removal extends NodeCommand {
        @Parameters(paramLabel = "WHICH", description = "Name, e-mail address or id.")
        String which;

        abstract String path();

        @Override int run(Client node, Output out) {
            return done(out, node.call("DELETE", PATH + path() + encode(which), Json.object()), "Removed.");
        }
    }

    @Command(name = "org", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "Organisations.", subcommands = {Organisations.Add.class, Organisations.Listing.class, Organisations.Remove.class})
    static final class Organisations extends Group {
        @Command(name = "add", mixinStandardHelpOptions = true, description = "Make an organisation.")
        static final class Add extends NodeCommand {
            @Parameters(paramLabel = "NAME", description = "Unique at this hub.")
            String name;

            @Override int run(Client node, Output out) {
                var made = node.post(PATH + "organisations", Json.object("name", name));
                return done(out, made, "Made the organisation \"" + made.text("name") + "\" (" + made.text("id") + "). Its nodes need a key: waggle hub key add " + name + " KEY-NAME");
            }
        }

        @Command(name = "list", mixinStandardHelpOptions = true, description = "List the organisations.")
        static final class Listing extends NodeCommand {
            @Override int run(Client node, Output out) {
                return listed(node, out, "organisations", List.of("id", "name"), "No organisations yet. `waggle hub org add NAME` makes one.");
            }
        }

        @Command(name = "remove", mixinStandardHelpOptions = true, description = "Remove an organisation: its keys and users come in no more.")
        static final class Remove extends Removal {
            @Override String path() {
                return "organisations/";
            }
        }
    }

    @Command(name = "user", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "People who look after an organisation.",
        subcommands = {Users.Add.class, Users.Listing.class, Users.Change.class, Users.Remove.class})
    static final class Users extends Group {
        private static final String PASSWORD_SAYS = "Its first line is the password; - for standard input. Without: asked for.";

        private static String password(Path file) {
            try {
                if (file == null) {
                    var console = System.console();
                    if (console == null || !console.isTerminal()) throw new Problem(ErrorCode.BAD_REQUEST, "There is no terminal to ask for the password.", "Name a file with --password-file, or - for standard input.");
                    return new String(console.readPassword("Password: "));
                }
                var text = file.toString().equals("-") ? new String(System.in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8) : Files.readString(file);
                return text.lines().findFirst().orElse("");
            } catch (IOException e) {
                throw new Problem(ErrorCode.FILE_UNUSABLE, file + " cannot be read: " + e.getMessage() + ".", "Check its name and permissions.", e);
            }
        }

        @Command(name = "add", mixinStandardHelpOptions = true, description = "Make a user of an organisation.")
        static final class Add extends NodeCommand {
            @Parameters(index = "0", paramLabel = "ORGANISATION", description = "Name or id.")
            String organisation;

            @Parameters(index = "1", paramLabel = "EMAIL", description = "What the user signs in with.")
            String email;

            @Option(names = "--admin", description = "May change what is the organisation's. Others only look.")
            boolean admin;

            @Option(names = "--password-file", paramLabel = "FILE", description = PASSWORD_SAYS)
            Path file;

            @Override int run(Client node, Output out) {
                var made = node.post(PATH + "users", Json.object("organisation", organisation, "email", email, "password", password(file), "role", admin ? "admin" : "member"));
                return done(out, made, "Made the user " + made.text("email") + " (" + made.text("id") + ").");
            }
        }

        @Command(name = "list", mixinStandardHelpOptions = true, description = "List the users.")
        static final class Listing extends NodeCommand {
            @Override int run(Client node, Output out) {
                return listed(node, out, "users", List.of("id", "email", "role", "organisation", "signed_in_at"), "No users yet. `waggle hub user add ORGANISATION EMAIL` makes one.");
            }
        }

        @Command(name = "change", mixinStandardHelpOptions = true, description = "Give a user another password or role. A new password signs him out everywhere.")
        static final class Change extends NodeCommand {
            @Parameters(paramLabel = "USER", description = "E-mail address or id.")
            String user;

            @Option(names = "--role", paramLabel = "admin|member", description = "What the user may do.")
            String role;

            @Option(names = "--password-file", paramLabel = "FILE", description = "Its first line is the new password; - for standard input.")
            Path file;

            @Override int run(Client node, Output out) {
                return done(out, node.call("PATCH", PATH + "users/" + encode(user), Json.object("role", role, "password", file == null ? null : password(file))), "Changed.");
            }
        }

        @Command(name = "remove", mixinStandardHelpOptions = true, description = "Remove a user.")
        static final class Remove extends Removal {
            @Override String path() {
                return "users/";
            }
        }
    }

    @Command(name = "key", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "API keys: what nodes of an organisation come in with.",
        subcommands = {Keys.Add.class, Keys.Listing.class, Keys.Rotate.class, Keys.Revoke.class})
    static final class Keys extends Group {
        @Command(name = "add", mixinStandardHelpOptions = true, description = "Make a key and print its secret, once.")
        static final class Add extends NodeCommand {
            @Parameters(index = "0", paramLabel = "ORGANISATION", description = "Name or id.")
            String organisation;

            @Parameters(index = "1", paramLabel = "NAME", description = "Unique in the organisation: of a node, or of a place.")
            String name;

            @Override int run(Client node, Output out) {
                return secret(out, node.post(PATH + "keys", Json.object("organisation", organisation, "name", name)));
            }
        }

        @Command(name = "list", mixinStandardHelpOptions = true, description = "List the keys and the beginnings of their live secrets.")
        static final class Listing extends NodeCommand {
            @Override int run(Client node, Output out) {
                var keys = node.get(PATH + "keys?limit=500");
                out.answer(keys, () -> {
                    var rows = new ArrayList<>(List.of(List.of("NAME", "KEY", "ORGANISATION", "SECRET", "BEGINS WITH", "MADE")));
                    for (var each : keys.array("keys")) {
                        var key = each.asObject();
                        for (var secret : key.array("secrets")) rows.add(List.of(key.text("name"), key.text("id"), key.text("organisation"), secret.asObject().text("id"), secret.asObject().text("hint"), BoardCommands.orDash(secret.asObject(), "created_at")));
                    }
                    if (rows.size() == 1) out.line("No keys yet. `waggle hub key add ORGANISATION NAME` makes one.");
                    else out.table(rows);
                });
                return Exit.OK;
            }
        }

        @Command(name = "rotate", mixinStandardHelpOptions = true, description = "Print a second secret for a key. Both open until one is revoked.")
        static final class Rotate extends NodeCommand {
            @Parameters(paramLabel = "KEY", description = "Name or id.")
            String key;

            @Override int run(Client node, Output out) {
                return secret(out, node.post(PATH + "keys/" + encode(key) + "/rotate", Json.object()));
            }
        }

        @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Revoke a key, or one secret of it. Nodes that came in with it are shown out within 5 s.")
        static final class Revoke extends NodeCommand {
            @Parameters(paramLabel = "KEY", description = "Name or id.")
            String key;

            @Option(names = "--secret", paramLabel = "ID", description = "Only this one of its secrets, as `list` names them.")
            String secret;

            @Override int run(Client node, Output out) {
                var path = PATH + "keys/" + encode(key) + (secret == null ? "" : "/secrets/" + encode(secret));
                return done(out, node.call("DELETE", path, Json.object()), "Revoked.");
            }
        }
    }

    @Command(name = "node", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "Nodes that came in with a key.", subcommands = {Nodes.Listing.class, Nodes.Remove.class})
    static final class Nodes extends Group {
        @Command(name = "list", mixinStandardHelpOptions = true, description = "List the nodes and whether they are here.")
        static final class Listing extends NodeCommand {
            @Override int run(Client node, Output out) {
                return listed(node, out, "nodes", List.of("name", "status", "last_heard_at", "organisation", "node"), "No node came in yet. It needs WAGGLE_HUB_URL and WAGGLE_NODE_API_KEY.");
            }
        }

        @Command(name = "remove", mixinStandardHelpOptions = true, description = "Remove a node from its organisation. With a live key it can come again.")
        static final class Remove extends Removal {
            @Override String path() {
                return "nodes/";
            }
        }
    }

    @Command(name = "project", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "Projects that nodes brought.",
        subcommands = {SwarmProjects.Listing.class, SwarmProjects.Access.class, SwarmProjects.Remove.class})
    static final class SwarmProjects extends Group {
        @Command(name = "list", mixinStandardHelpOptions = true, description = "List the projects of all organisations.")
        static final class Listing extends NodeCommand {
            @Override int run(Client node, Output out) {
                return listed(node, out, "projects", List.of("name", "open", "granted", "organisation", "node", "id"), "No projects yet. A node brings one: waggle hub publish PROJECT");
            }
        }

        @Command(name = "access", mixinStandardHelpOptions = true, description = "Say which nodes of the organisation may take part in a project.")
        static final class Access extends NodeCommand {
            @Parameters(paramLabel = "PROJECT", description = "Name or id.")
            String project;

            @Option(names = "--open", negatable = true, description = "All nodes may; with --no-open only those that are let in.")
            Boolean open;

            @Option(names = "--allow", paramLabel = "NODE", description = "Let this one in.")
            List<String> allow = List.of();

            @Option(names = "--forbid", paramLabel = "NODE", description = "Show it to this one no more. A member stays one: see `waggle member remove`.")
            List<String> forbid = List.of();

            @Override int run(Client node, Output out) {
                var path = PATH + "projects/" + encode(project);
                Optional<Json.Obj> last = Optional.ofNullable(open).map(all -> node.call("PATCH", path, Json.object("open", all)));
                for (var each : allow) last = Optional.of(node.post(path + "/nodes", Json.object("node", each)));
                for (var each : forbid) last = Optional.of(node.call("DELETE", path + "/nodes/" + encode(each), Json.object()));
                return done(out, last.orElseThrow(() -> new Problem(ErrorCode.BAD_REQUEST, "It is not said what to change.", "Use --open, --no-open, --allow NODE or --forbid NODE.")), "Changed.");
            }
        }

        @Command(name = "remove", mixinStandardHelpOptions = true, description = "Take a project off the hub. What its members have stays theirs.")
        static final class Remove extends Removal {
            @Override String path() {
                return "projects/";
            }
        }
    }

    @Command(name = "audit", mixinStandardHelpOptions = true, description = "Show who changed what, newest first, and who was not let in.")
    static final class Audit extends NodeCommand {
        @Option(names = "--before", paramLabel = "OFFSET", description = "Go on where another page ended.")
        Long before;

        @Override int run(Client node, Output out) {
            var page = node.get(PATH + "audit" + (before == null ? "" : "?before=" + before));
            Function<Json, String> line = each -> each.asObject().text("at") + "  " + each.asObject().text("by") + "  " + each.asObject().text("what").replace('_', ' ') + " " + each.asObject().text("id") + "  " + text(each.asObject(), "fields");
            out.answer(page, () -> {
                page.array("changes").forEach(each -> out.line(line.apply(each)));
                page.arrayOrEmpty("refused").forEach(each -> out.line(each.asObject().text("at") + "  refused: " + each.asObject().text("who") + ", " + each.asObject().text("why")));
                if (page.array("changes").isEmpty()) out.line("Nothing was changed yet.");
            });
            return Exit.OK;
        }
    }
}
