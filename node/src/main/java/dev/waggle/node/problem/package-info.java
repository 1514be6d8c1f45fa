/// What a person or program is told when something cannot be done: one list of codes for REST, command line and library.
/// Read [dev.waggle.node.problem.ErrorCode] first; docs/errors.md is checked against it.
package dev.waggle.node.problem;
