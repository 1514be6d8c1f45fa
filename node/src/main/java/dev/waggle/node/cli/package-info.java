/// The command line. A command asks the node that runs on the data folder over REST; when none runs it starts one in its own process for the
/// length of the command and calls the same routes. Read [dev.waggle.node.cli.NodeCommand] first.
package dev.waggle.node.cli;
