/// How a kind of space is added: whoever implements [dev.waggle.node.type.SpaceType] and names the class in
/// `META-INF/services/dev.waggle.node.type.SpaceType` has its spaces followed by every node that finds it on its class path.
package dev.waggle.node.type;
