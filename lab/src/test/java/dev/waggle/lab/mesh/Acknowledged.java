package dev.waggle.lab.mesh;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// What nodes said that they keep: every post and comment, and the last vote of every voter. Thread-safe.
final class Acknowledged {
    /// @param post the post of a comment; of a post its own id
    record Item(boolean isPost, String id, String post, String text) {
        String path() {
            return "/api/v1/" + (isPost ? "posts/" : "comments/") + id;
        }
    }

    private record Vote(String voter, String target) {}

    private final List<Item> posts = new ArrayList<>();                  // all of these are guarded by this
    private final List<Item> comments = new ArrayList<>();
    private final Map<Vote, Integer> votes = new HashMap<>();
    private long written;
    private long unknown;

    synchronized void add(Item item) {
        (item.isPost() ? posts : comments).add(item);
        written++;
    }

    /// @param voter votes one after another, so the last that was acknowledged is the last
    synchronized void vote(String voter, Item target, int value) {
        votes.put(new Vote(voter, target.id()), value);
        written++;
    }

    /// A node was killed before it answered: whether it was kept will be seen.
    synchronized void unknown() {
        unknown++;
    }

    /// Any post, newer ones more often; null while there is none.
    synchronized Item aPost(RandomGenerator dice) {
        return any(posts, dice);
    }

    synchronized Item aComment(RandomGenerator dice) {
        return any(comments, dice);
    }

    private static Item any(List<Item> items, RandomGenerator dice) {
        return items.isEmpty() ? null : items.get(Math.max(dice.nextInt(items.size()), dice.nextInt(items.size())));
    }

    synchronized List<Item> items() {
        var all = new ArrayList<>(posts);
        all.addAll(comments);
        return all;
    }

    synchronized long written() {
        return written;
    }

    synchronized long unanswered() {
        return unknown;
    }

    /// What the score of every target must be that was voted on.
    synchronized Map<String, Integer> scores() {
        var scores = new HashMap<String, Integer>();
        votes.forEach((vote, value) -> scores.merge(vote.target(), value, Integer::sum));
        return scores;
    }
}
