package dev.waggle.node.mirror;

import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.Sha256;
import dev.waggle.net.http.FeedClient;
import dev.waggle.node.Node;
import dev.waggle.store.node.MirrorStore;
import dev.waggle.store.node.RemotePage;
import dev.waggle.store.node.Subscription;
import dev.waggle.store.node.SubscriptionStore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/// Asks one source page after page and keeps what it says. A kill between two pages loses nothing: page and cursor are stored together. Not thread-safe; kept between polls of one
/// subscription, because a source that never comes to an end is found out over many.
final class Poll {
    static final int LIMIT = 100;
    /// Others wait for their turn, too.
    static final int PAGES_A_TURN = 50;
    private static final int PAGES_MAX = 25_000;

    /// What one mirror may hold: no source fills this machine's disk.
    ///
    /// @param items posts and comments
    /// @param bytes of their text
    record Room(long items, long bytes) {
        static final Room DEFAULT = new Room(200_000, 1L << 30);
    }

    private final Node node;
    private final SubscriptionStore subscriptions;
    private final MirrorStore mirror;
    private final Room room;
    private final Set<Long> cursors = new HashSet<>();               // 64 bits of the hash of those that came since the feed last ended
    private int pages;

    Poll(Node node, SubscriptionStore subscriptions, MirrorStore mirror, Room room) {
        this.node = node;
        this.subscriptions = subscriptions;
        this.mirror = mirror;
        this.room = room;
    }

    /// The source does not behave like one: a sentence for people, with nothing in it that it sent.
    static final class BadSource extends IOException {
        private static final long serialVersionUID = 1;

        BadSource(String why) {
            super(why);
        }
    }

    /// @return false when there is more than one turn brings
    /// @throws IOException when the source could not be asked, or does not behave; what came before that is kept
    boolean turn(String id) throws IOException {
        var first = subscriptions.byId(id);
        if (first.isEmpty()) return true;
        try (var client = Source.parse(first.get().url()).client(node, first.get().instance())) {
            for (int turn = 0; turn < PAGES_A_TURN; turn++) {
                var of = subscriptions.byId(id);
                if (of.isEmpty() || page(client, of.get())) return true;
            }
            return false;
        }
    }

    private static long hash(String cursor) {
        return ByteBuffer.wrap(Sha256.of(cursor.getBytes(StandardCharsets.UTF_8))).getLong();
    }

    /// @return whether it was the last one for now
    private boolean page(FeedClient client, Subscription of) throws IOException {
        if (of.items() >= room.items() || of.bytes() >= room.bytes())
            throw new BadSource("it has more than " + room.items() + " posts and comments, or " + (room.bytes() >> 20) + " MiB of text: a mirror takes no more");
        var answer = client.feed(of.remoteHive(), of.cursor(), LIMIT);
        RemotePage page;
        try {
            page = FeedReader.read(answer.json(), node.nowMs());
        } catch (MalformedPayload e) {
            throw new BadSource("its answer is not what a Waggle node says");
        }
        if (answer.proved().map(proved -> !proved.equals(page.instance())).orElse(false)) throw new BadSource("it says that it is another node than its key proves");
        if (of.instance().map(known -> !known.equals(page.instance())).orElse(false)) throw new BadSource("another node answers there than before; unsubscribe and subscribe again if that is meant");
        if (of.hiveId().map(known -> !known.equals(page.hiveId())).orElse(false)) throw new BadSource("the hive of that name is another one than before; unsubscribe and subscribe again if that is meant");
        if (page.more() && (page.isEmpty() || page.cursor().equals(of.cursor()) || !cursors.add(hash(page.cursor())) || ++pages > PAGES_MAX)) {
            cursors.clear();
            pages = 0;
            throw new BadSource("its feed does not move on: the same cursor comes again");
        }
        if (!mirror.apply(of, page, node.nowMs())) return true;
        if (page.more()) return false;
        cursors.clear();
        pages = 0;
        long generation = of.generation() + (page.incarnation().equals(of.incarnation()) ? 0 : 1);
        mirror.sweep(of, generation);
        return true;
    }
}
