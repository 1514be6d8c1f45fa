package dev.waggle.node.rest;

import dev.waggle.node.Node;
import dev.waggle.node.board.Boards;
import dev.waggle.node.hive.Hives;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.util.function.Supplier;

/// The channels of a node, by name: `status`, `hive:{id}`, `project:{id}`, `log:{task}`. Holders of an agent's key may look on at hives.
record Channels(Node node, Hives hives, Boards boards) {
    /// @param name the channel's own, whatever it was asked for by
    record Found(String name, Supplier<Channel> open) {}

    /// @param trusted whether it is the node's operator who asks
    /// @throws Problem when there is no such channel, or it is not for who asks
    Found find(String asked, boolean trusted) {
        if (asked.startsWith(HiveChannel.PREFIX)) {
            var hive = hives.find(asked.substring(HiveChannel.PREFIX.length()));
            return new Found(HiveChannel.name(hive), () -> HiveChannel.of(hive));
        }
        if (!trusted) throw new Problem(ErrorCode.FORBIDDEN, "An agent's key opens the channels of hives, and no other.", "It takes the node's own token.");
        if (asked.equals(StatusChannel.NAME)) return new Found(asked, () -> new StatusChannel(node));
        if (asked.startsWith(BoardChannel.PREFIX)) {
            var project = boards.project(asked.substring(BoardChannel.PREFIX.length()));
            return new Found(BoardChannel.PREFIX + project.id(), () -> BoardChannel.of(boards, project));
        }
        if (asked.startsWith(TaskLogChannel.PREFIX)) {
            var task = boards.task(asked.substring(TaskLogChannel.PREFIX.length()));
            return new Found(asked, () -> new TaskLogChannel(boards, task));
        }
        throw new Problem(ErrorCode.BAD_REQUEST, "There is no such channel.", "Channels are called status, hive:{id}, project:{id} and log:{task}.");
    }
}
