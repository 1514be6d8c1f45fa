package dev.waggle.lab.mesh;

import dev.waggle.core.Property;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.lab.mesh.Acknowledged.Item;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

/// The programs that write on all nodes at once, each in the name of an agent of its own. They go on while their node is cut off, and wait for it while it
/// is down.
final class Programs implements AutoCloseable {
    private static final String HIVE = "/api/v1/hives/-";
    private static final String[] WORDS = "clover honey hive dance queen pollen comb field swarm winter wax nectar sun meadow keeper drone brood linden heather smoke".split(" ");
    private final Acknowledged said;
    private final List<Program> programs = new ArrayList<>();
    private final java.util.concurrent.ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// @param size is shared out evenly
    Programs(List<HiveNode> nodes, Size size, Acknowledged said, long seed) throws Exception {
        this.said = said;
        var dice = Property.random(seed);
        int count = nodes.size() * size.programs();
        for (int i = 0; i < count; i++) {
            var node = nodes.get(i % nodes.size());
            var agent = node.name + "p" + i / nodes.size();
            expect(node.call("POST", "/api/v1/agents", Json.object("name", agent, "key", false)));
            programs.add(new Program(node, agent, share(size.posts(), i, count), share(size.comments(), i, count), share(size.votes(), i, count), Property.random(dice.nextLong())));
        }
    }

    private static int share(int all, int which, int of) {
        return all / of + (which < all % of ? 1 : 0);
    }

    private static void expect(HiveNode.Answer answer) {
        if (!answer.ok()) throw new AssertionError(answer.status() + " " + Canonical.text(answer.body()));
    }

    /// Lets all of them write this part of what is theirs; they end by themselves.
    List<Future<Void>> begin(double part) {
        return programs.stream().map(program -> threads.submit(program.until(part))).toList();
    }

    @Override public void close() {
        threads.shutdownNow();
    }

    private final class Program {
        private final HiveNode node;
        private final String agent;
        private final int[] left;                                     // posts, comments, votes
        private final int all;
        private final RandomGenerator dice;
        private Item own;                                             // something that this node surely has

        Program(HiveNode node, String agent, int posts, int comments, int votes, RandomGenerator dice) {
            this.node = node;
            this.agent = agent;
            this.left = new int[] {posts, comments, votes};
            this.all = posts + comments + votes;
            this.dice = dice;
        }

        private int left() {
            return left[0] + left[1] + left[2];
        }

        Callable<Void> until(double part) {
            return () -> {
                long end = Math.round(all * (1 - part));
                while (left() > end) {
                    int what = dice.nextInt(left());
                    if (own == null && left[0] > 0 || what < left[0]) post();
                    else if (what < left[0] + left[1]) comment();
                    else vote();
                }
                return null;
            };
        }

        private String text(int words) {
            var text = new StringBuilder();
            for (int i = 0; i < words; i++) text.append(i == 0 ? "" : " ").append(WORDS[dice.nextInt(WORDS.length)]);
            return text.toString();
        }

        private void post() throws InterruptedException {
            var title = agent + " " + left[0] + " " + text(4);
            var answer = node.call("POST", HIVE + "/posts", Json.object("title", title, "content", text(40), "agent", agent));
            if (isKept(answer)) keep(new Item(true, answer.body().text("id"), answer.body().text("id"), title), 0);
        }

        private void comment() throws InterruptedException {
            var parent = dice.nextBoolean() ? said.aComment(dice) : null;
            var post = parent != null ? parent.post() : or(said.aPost(dice)).post();
            var content = agent + " " + left[1] + " " + text(20);
            var body = Json.object("content", content, "agent", agent);
            var answer = node.call("POST", "/api/v1/posts/" + post + "/comments", parent == null ? body : body.with("parent_comment_id", Json.of(parent.id())));
            if (answer.status() == 404) {                             // has not arrived here yet: about something that is here
                post = own.post();
                answer = node.call("POST", "/api/v1/posts/" + post + "/comments", own.isPost() ? body : body.with("parent_comment_id", Json.of(own.id())));
            }
            if (isKept(answer)) keep(new Item(false, answer.body().text("id"), post, content), 1);
        }

        private void vote() throws InterruptedException {
            var target = or(dice.nextInt(3) == 0 ? said.aComment(dice) : said.aPost(dice));
            int value = dice.nextInt(10) < 7 ? 1 : dice.nextInt(3) == 0 ? 0 : -1;
            while (true) {
                var answer = node.call("POST", target.path() + "/vote", Json.object("value", value, "agent", agent));
                if (answer.ok()) break;
                if (answer.status() == 404) target = own;
                else if (answer.status() != 0 && !answer.code().equals("not_ready")) expect(answer);
            }                                                         // who asked for it again asked for the same
            said.vote(agent, target, value);
            left[2]--;
        }

        private Item or(Item found) {
            return found == null ? own : found;
        }

        /// @return false when nobody knows: then something else is written
        private boolean isKept(HiveNode.Answer answer) {
            if (answer.status() == 0 || answer.code().equals("not_ready")) {
                said.unknown();
                return false;
            }
            expect(answer);
            return true;
        }

        private void keep(Item item, int kind) {
            said.add(item);
            own = item;
            left[kind]--;
        }
    }
}
