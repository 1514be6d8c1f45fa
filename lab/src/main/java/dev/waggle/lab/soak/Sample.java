package dev.waggle.lab.soak;

import java.util.List;

/// What was seen at one moment.
///
/// @param minutes   since the load began
/// @param perSecond transactions of all programs since the sample before
/// @param p50       ms from a write on the first node until it was read on the third, since the sample before; NaN when none was seen
/// @param behind    events that the node which is furthest behind lacks of the one which is furthest ahead
/// @param nodes     in the order they began
record Sample(double minutes, double perSecond, double p50, double p99, long behind, List<OfNode> nodes) {
    /// @param cores CPU-seconds a second since the sample before
    /// @param diskMiB all files of the data folder and the tracked file with its journal
    record OfNode(double residentMiB, double handles, double threads, double cores, double diskMiB) {}

    Sample {
        nodes = List.copyOf(nodes);
    }

    double mostResident() {
        return nodes.stream().mapToDouble(OfNode::residentMiB).max().orElseThrow();
    }

    double mostHandles() {
        return nodes.stream().mapToDouble(OfNode::handles).max().orElseThrow();
    }

    double mostThreads() {
        return nodes.stream().mapToDouble(OfNode::threads).max().orElseThrow();
    }

    double cores() {
        return nodes.stream().mapToDouble(OfNode::cores).sum();
    }

    double mostDisk() {
        return nodes.stream().mapToDouble(OfNode::diskMiB).max().orElseThrow();
    }
}
