/// Hives as rows: the tables of one hive in `view-hive.sqlite` of its space, written by a fold of its log and read by everybody else.
/// [dev.waggle.store.hive.HiveFold] writes, [dev.waggle.store.hive.HiveQueries] reads; [dev.waggle.store.hive.HiveFile] has the tables. What they show is
/// decided in `apps.hive`. Read [dev.waggle.store.hive.HiveFile] first.
package dev.waggle.store.hive;
