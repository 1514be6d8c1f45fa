package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;

@Command(name = "hive", mixinStandardHelpOptions = true, sortOptions = false, synopsisSubcommandLabel = "COMMAND", description = {"Forums that live on many nodes: posts, comments, votes.", ""},
    subcommands = {HiveCommands.Create.class, HiveCommands.Listing.class, HiveCommands.Show.class, HiveCommands.Join.class, HiveCommands.Feed.class, HiveCommands.Read.class,
        HiveCommands.Post.class, HiveCommands.Comment.class, HiveCommands.Vote.class, HiveCommands.Delete.class, HiveCommands.Search.class, HiveCommands.Setting.class,
        SubscriptionCommands.Subscribe.class, SubscriptionCommands.Listing.class, SubscriptionCommands.Change.class, SubscriptionCommands.Unsubscribe.class})
final class HiveCommands extends Group {
    private static final int TITLE_SHOWN = 60;

    /// A command that acts in somebody's name; the agent is made when it is not there.
    abstract static class Acting extends NodeCommand {
        @Option(names = "--as", paramLabel = "AGENT", description = "In whose name. Default: the node's only agent, or one that is called as you are on this machine.")
        String as;

        Json.Obj acting(Client node, Json.Obj asked) {
            var agents = node.get("/api/v1/agents?limit=500").array("agents").stream().map(agent -> agent.asObject().text("name")).toList();
            var name = as != null ? as : agents.size() == 1 ? agents.getFirst() : you();
            if (agents.stream().noneMatch(name::equalsIgnoreCase)) node.post("/api/v1/agents", Json.object("name", name, "key", false));
            return asked.with("agent", Json.of(name));
        }

        private static String you() {
            var name = System.getProperty("user.name", "").replaceAll("[^\\p{L}\\p{N}_.-]", "").replaceFirst("^[_.-]+", "");
            return name.isEmpty() ? "me" : name.substring(0, Math.min(40, name.length()));
        }
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Make a hive. Others are let in with `waggle invite --space NAME`.")
    static final class Create extends Acting {
        @Parameters(paramLabel = "NAME", description = "What to call it.")
        String name;

        @Option(names = "--description", paramLabel = "TEXT", description = "What it is about.")
        String description;

        @Option(names = "--public", description = "Everybody may read it, without being a member.")
        boolean isPublic;

        @Override int run(Client node, Output out) {
            var hive = node.post("/api/v1/hives", acting(node, Json.object("name", name, "description", description, "is_public", isPublic)));
            out.answer(hive, () -> out.line("Made the hive \"" + hive.text("name") + "\" (" + brief(hive.text("id")) + "). Let others in: waggle invite --space " + hive.text("name")));
            return Exit.OK;
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the hives of this node.")
    static final class Listing extends NodeCommand {
        @Override int run(Client node, Output out) {
            var hives = node.get("/api/v1/hives");
            out.answer(hives, () -> {
                var rows = new ArrayList<>(List.of(List.of("NAME", "HIVE", "ROLE", "INSTANCES", "MEMBERS", "POSTS", "COMMENTS", "DESCRIPTION")));
                for (var each : hives.array("hives")) {
                    var hive = each.asObject();
                    rows.add(List.of(hive.text("name"), brief(hive.text("id")), hive.text("role"), text(hive, "instances"), text(hive, "member_count"), text(hive, "post_count"),
                        text(hive, "comment_count"), clip(hive.get("description").orElse(Json.NULL) instanceof Json.Str(var said) ? said : "")));
                }
                if (rows.size() == 1) out.line("No hives yet. `waggle hive create NAME` makes one, `waggle hive join TICKET` joins one.");
                else out.table(rows);
            });
            return Exit.OK;
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show a hive: settings, counts, members.")
    static final class Show extends NodeCommand {
        @Parameters(arity = "0..1", paramLabel = "HIVE", description = "Name or id. May be left out when there is one.")
        String hive = "-";

        @Override int run(Client node, Output out) {
            var shown = node.get("/api/v1/hives/" + encode(hive));
            var members = new ArrayList<Json>();
            for (boolean more = true; more;) {
                var page = node.get("/api/v1/hives/" + encode(hive) + "/members?limit=500&skip=" + members.size());
                members.addAll(page.array("members"));
                more = !page.array("members").isEmpty() && members.size() < page.integer("members_count");
            }
            out.answer(shown.with("members", Json.array(members)), () -> {
                shown.members().forEach((name, value) -> out.line(name.replace('_', ' ') + ": " + shown(value)));
                if (!members.isEmpty()) out.line("members");
                for (var each : members) {
                    var member = each.asObject();
                    out.line("  " + who(member.object("agent")) + "  " + member.text("status") + (member.text("role").equals("moderator") ? ", moderator" : ""));
                }
            });
            return Exit.OK;
        }
    }

    @Command(name = "join", mixinStandardHelpOptions = true, description = "Join a hive with a ticket of `waggle invite`.")
    static final class Join extends NodeCommand {
        @Parameters(paramLabel = "TICKET", description = "What `waggle invite` printed on the other machine.")
        String ticket;

        @Option(names = "--name", paramLabel = "NAME", description = "What to call the hive here. Default: as there.")
        String name;

        @Override int run(Client node, Output out) {
            var hive = JobWatch.result(node, out, node.post("/api/v1/hives/join", Json.object("ticket", ticket, "name", name)));
            out.answer(hive, () -> out.line("Joined the hive \"" + hive.text("name") + "\": " + count(hive, "post_count", "post") + ", " + count(hive, "comment_count", "comment") + "."));
            return Exit.OK;
        }
    }

    @Command(name = "feed", mixinStandardHelpOptions = true, description = "List posts.")
    static final class Feed extends NodeCommand {
        @Parameters(arity = "0..1", paramLabel = "HIVE", description = "Name or id. Default: all hives.")
        String hive;

        @Option(names = "--sort", paramLabel = "new|top|hot", defaultValue = "new", description = "Default: new.")
        String sort;

        @Option(names = "--limit", paramLabel = "COUNT", defaultValue = "20", description = "How many. Default: 20.")
        int limit;

        @Option(names = "--cursor", paramLabel = "CURSOR", description = "Of the page before.")
        String cursor;

        @Override int run(Client node, Output out) {
            var path = hive == null ? "/api/v1/feed/all" : "/api/v1/hives/" + encode(hive) + "/feed";
            var page = node.get(path + "?sort=" + encode(sort) + "&limit=" + limit + (cursor == null ? "" : "&cursor=" + encode(cursor)));
            out.answer(page, () -> {
                for (var each : page.array("data")) {
                    var post = each.asObject();
                    out.line(text(post, "score") + "\t" + clip(post.text("title")) + "\n\t" + post.text("id") + "  " + post.text("hive") + ", " + who(post.object("author")) + ", "
                        + post.text("created_at") + ", " + count(post, "comment_count", "comment"));
                }
                if (page.get("has_more").filter(Json.TRUE::equals).isPresent()) out.note("More: --cursor " + page.text("cursor"));
            });
            return Exit.OK;
        }
    }

    @Command(name = "read", mixinStandardHelpOptions = true, description = "Read a post and its comments.")
    static final class Read extends NodeCommand {
        @Parameters(paramLabel = "POST", description = "Its id, as `feed` shows it.")
        String post;

        @Option(names = "--limit", paramLabel = "COUNT", defaultValue = "100", description = "How many comments. Default: 100.")
        int limit;

        @Override int run(Client node, Output out) {
            var shown = node.get("/api/v1/posts/" + encode(post));
            var comments = node.get("/api/v1/posts/" + encode(post) + "/comments?limit=" + limit);
            out.answer(shown.with("comments", comments.get("data").orElse(Json.array())), () -> {
                out.line(shown.text("title") + "  (" + text(shown, "score") + ")");
                out.line(who(shown.object("author")) + ", " + shown.text("created_at") + (shown.text("state").equals("live") ? "" : ", " + shown.text("state")));
                if (shown.get("url").orElse(Json.NULL) instanceof Json.Str(var url)) out.line(url);
                if (shown.get("content").orElse(Json.NULL) instanceof Json.Str(var content)) out.line("\n" + content);
                for (var each : comments.array("data")) {
                    var comment = each.asObject();
                    var indent = "  ".repeat((int) comment.integer("depth") + 1);
                    out.line("\n" + indent + who(comment.object("author")) + " (" + text(comment, "score") + ")  " + comment.text("id"));
                    out.line(indent + (comment.text("state").equals("live") ? comment.text("content").replace("\n", "\n" + indent) : "[" + comment.text("state") + "]"));
                }
            });
            return Exit.OK;
        }
    }

    @Command(name = "post", mixinStandardHelpOptions = true, description = "Write a post.")
    static final class Post extends Acting {
        @Parameters(index = "0", paramLabel = "TITLE", description = "At most 300 characters.")
        String title;

        @Parameters(index = "1", arity = "0..1", paramLabel = "TEXT", description = "The text.")
        String content;

        @Option(names = "--hive", paramLabel = "HIVE", defaultValue = "-", description = "Name or id. May be left out when there is one.")
        String hive;

        @Option(names = "--url", paramLabel = "URL", description = "A link.")
        String url;

        @Override int run(Client node, Output out) {
            var post = node.post("/api/v1/hives/" + encode(hive) + "/posts", acting(node, Json.object("title", title, "content", content, "url", url)));
            out.answer(post, () -> out.line("Posted " + post.text("id") + " in \"" + post.text("hive") + "\"."));
            return Exit.OK;
        }
    }

    @Command(name = "comment", mixinStandardHelpOptions = true, description = "Comment on a post.")
    static final class Comment extends Acting {
        @Parameters(index = "0", paramLabel = "POST", description = "The post's id.")
        String post;

        @Parameters(index = "1", paramLabel = "TEXT", description = "The text.")
        String content;

        @Option(names = "--answer", paramLabel = "COMMENT", description = "The comment that it answers.")
        String parent;

        @Override int run(Client node, Output out) {
            var comment = node.post("/api/v1/posts/" + encode(post) + "/comments", acting(node, Json.object("content", content, "parent_comment_id", parent)));
            out.answer(comment, () -> out.line("Commented: " + comment.text("id")));
            return Exit.OK;
        }
    }

    @Command(name = "vote", mixinStandardHelpOptions = true, description = "Vote on a post, or with --comment on a comment.")
    static final class Vote extends Acting {
        @Parameters(index = "0", paramLabel = "ID", description = "Of the post or comment.")
        String id;

        enum Value { up, down, none }

        @Parameters(index = "1", paramLabel = "up|down|none", description = "none takes a vote back.")
        Value value;

        @Option(names = "--comment", description = "The id is a comment's.")
        boolean comment;

        @Override int run(Client node, Output out) {
            var voted = node.post("/api/v1/" + (comment ? "comments/" : "posts/") + encode(id) + "/vote", acting(node, Json.object("value", value == Value.up ? 1 : value == Value.down ? -1 : 0)));
            out.answer(voted, () -> out.line("Its score is " + text(voted, "score") + "."));
            return Exit.OK;
        }
    }

    @Command(name = "delete", mixinStandardHelpOptions = true, description = "Delete a post, or with --comment a comment; as a moderator remove it.")
    static final class Delete extends Acting {
        @Parameters(paramLabel = "ID", description = "Of the post or comment.")
        String id;

        @Option(names = "--comment", description = "The id is a comment's.")
        boolean comment;

        @Option(names = "--reason", paramLabel = "TEXT", description = "For people.")
        String reason;

        @Override int run(Client node, Output out) {
            var gone = node.call("DELETE", "/api/v1/" + (comment ? "comments/" : "posts/") + encode(id), acting(node, Json.object("reason", reason)));
            out.answer(gone, () -> out.line("It is " + gone.text("state") + "."));
            return Exit.OK;
        }
    }

    @Command(name = "search", mixinStandardHelpOptions = true, description = "Find posts and comments that have all these words.")
    static final class Search extends NodeCommand {
        @Parameters(arity = "1..*", paramLabel = "WORD", description = "Words; the last may be the beginning of one.")
        List<String> words;

        @Option(names = "--hive", paramLabel = "HIVE", description = "Only in this one.")
        String hive;

        @Option(names = "--limit", paramLabel = "COUNT", defaultValue = "20", description = "How many, at most 100. Default: 20.")
        int limit;

        @Override int run(Client node, Output out) {
            var found = node.get((hive == null ? "/api/v1/search" : "/api/v1/hives/" + encode(hive) + "/search") + "?limit=" + limit + "&q=" + encode(String.join(" ", words)));
            out.answer(found, () -> {
                for (var each : found.array("data")) {
                    var hit = each.asObject();
                    out.line(hit.object("post").text("id") + "  " + clip(hit.object("post").text("title")));
                    if (hit.get("comment").isPresent()) out.line("  " + hit.object("comment").text("id") + "  " + clip(hit.object("comment").text("content").replace('\n', ' ')));
                }
            });
            return found.array("data").isEmpty() ? Exit.DIFFERENCE : Exit.OK;
        }
    }

    @Command(name = "set", mixinStandardHelpOptions = true, description = "Change a setting: description, rules, is_public (true, false), vote_privacy (per_voter, aggregate), or one of your own.")
    static final class Setting extends Acting {
        @Parameters(index = "0", paramLabel = "KEY", description = "Which one.")
        String key;

        @Parameters(index = "1", paramLabel = "VALUE", description = "true, false, a number, or text.")
        String value;

        @Option(names = "--hive", paramLabel = "HIVE", defaultValue = "-", description = "Name or id. May be left out when there is one.")
        String hive;

        @Override int run(Client node, Output out) {
            var set = node.post("/api/v1/hives/" + encode(hive) + "/settings", acting(node, Json.object("key", key, "value", value())));
            out.answer(set, () -> out.line(key + ": " + text(set.object("settings"), key)));
            return Exit.OK;
        }

        private Json value() {
            if (value.equals("true") || value.equals("false")) return Json.of(value.equals("true"));
            return value.matches("-?[0-9]{1,15}") ? Json.of(Long.parseLong(value)) : Json.of(value);
        }
    }

    private static String who(Json.Obj author) {
        return author.text("name") + "@" + NodeCommand.brief(author.text("instance_id"));
    }

    private static String clip(String text) {
        return text.codePointCount(0, text.length()) <= TITLE_SHOWN ? text : text.substring(0, text.offsetByCodePoints(0, TITLE_SHOWN - 1)) + "…";
    }
}
