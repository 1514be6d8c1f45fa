/// Read-only copies of public hives that live elsewhere (hive-sync, pattern 1): a person subscribes, this node asks the other one's feed again and again and keeps what it says in
/// `node.sqlite`. Nothing here is an event, and nothing of it is served to others. All that comes is a stranger's word: it is bounded and checked before it is kept.
/// Read [dev.waggle.node.mirror.Mirrors] first, then [dev.waggle.node.mirror.Poll] and [dev.waggle.node.mirror.FeedReader]. What a source serves is [dev.waggle.net.http.FeedRoutes].
package dev.waggle.node.mirror;
