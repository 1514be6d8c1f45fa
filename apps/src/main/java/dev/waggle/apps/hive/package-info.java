/// The `hive` space type: a forum that lives on many nodes. From signed events to posts, comments, votes, settings and members. Pure: what is shown is a
/// function of the events that count.
///
/// [dev.waggle.apps.hive.HiveChange] says what can happen, [dev.waggle.apps.hive.HiveRules] decides what a local person may do,
/// [dev.waggle.apps.hive.HiveView] follows the log, and [dev.waggle.apps.hive.Resolution] holds the rules by which a record's changes become what is shown.
/// Read [dev.waggle.apps.hive.HiveView] first. `store.hive` keeps the rows.
package dev.waggle.apps.hive;
