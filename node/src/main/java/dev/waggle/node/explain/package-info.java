/// Where a change is, and why a row says what it says: what a node knows of one event, row, post or task, put into sentences.
///
/// [dev.waggle.node.explain.Explainer] finds what was asked for and gathers what the log, the views, the peers' cursors, the waiting room and a file's queue hold
/// of it ([dev.waggle.node.explain.EventFacts], [dev.waggle.node.explain.RecordFacts]); from that [dev.waggle.node.explain.EventTelling] and
/// [dev.waggle.node.explain.RecordTelling] make an [dev.waggle.node.explain.Answer], and look at nothing else. Nothing is changed, fetched or asked of others.
/// What the node cannot know is said to be not known, never to be not so.
package dev.waggle.node.explain;
