/// Views that follow a log by themselves, whatever they show: entries are folded in pieces, and a piece and the cursor behind it are one transaction.
/// Read [dev.waggle.store.follow.LogFollower] first. Files of users are followed in `store.capture`, because they also have something to say.
package dev.waggle.store.follow;
