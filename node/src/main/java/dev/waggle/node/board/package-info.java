/// Projects and their tasks on this node: where a project's tasks are, linking it to a swarm project and back, how healthy that is, and carrying tasks out.
/// Read [dev.waggle.node.board.Boards] first, then [dev.waggle.node.board.Linking] and [dev.waggle.node.board.Executor].
package dev.waggle.node.board;
