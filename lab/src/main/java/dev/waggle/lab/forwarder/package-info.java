/// A bad network in a box: a TCP forwarder that tests and scripts put between two nodes, to stop, cut, slow and stall what runs through it.
/// Read [dev.waggle.lab.forwarder.Forwarder] first; `docs/forwarder.mjs` is a smaller one for people to read.
package dev.waggle.lab.forwarder;
