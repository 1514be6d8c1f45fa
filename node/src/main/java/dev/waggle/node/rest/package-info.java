/// The node over HTTP on loopback, for the command line, the status page and other programs. One table of routes ([dev.waggle.node.rest.Routes])
/// is what is served, what the OpenAPI document says and what the command line calls in its own process when no node runs.
/// A request passes [dev.waggle.node.rest.Guard], then [dev.waggle.node.rest.Router], then its handler; a handler throws
/// [dev.waggle.node.problem.Problem] for every "no".
package dev.waggle.node.rest;
