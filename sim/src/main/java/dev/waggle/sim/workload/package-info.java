/// What programs of a simulated run write: any database's tables, and statements drawn from a workload.
///
/// Read [dev.waggle.sim.workload.Workload] first, then [dev.waggle.sim.workload.WorkloadFile] for the text that people write. A file's rows are kept in
/// [dev.waggle.sim.workload.FileRows] with the constraints that SQLite would keep; a statement that SQLite would refuse changes nothing.
package dev.waggle.sim.workload;
