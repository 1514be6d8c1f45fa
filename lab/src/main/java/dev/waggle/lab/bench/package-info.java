/// What Waggle costs, measured on real nodes in processes of their own, beside a reference that runs in the same minutes.
///
/// Data goes one way: [dev.waggle.lab.bench.Bench] asks each [dev.waggle.lab.bench.Question] in turn, a question makes nodes and load and
/// answers with [dev.waggle.lab.bench.Measure]s, [dev.waggle.lab.bench.Report] writes them down. Only ratios within one run mean anything: disks and
/// neighbours change from minute to minute. Read [dev.waggle.lab.bench.Bench] first.
package dev.waggle.lab.bench;
