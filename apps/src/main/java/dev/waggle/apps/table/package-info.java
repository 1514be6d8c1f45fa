/// The `table` space type: from change sets to rows of any SQLite tables. Pure: what should be shown is a function of the events that count.
/// Read [dev.waggle.apps.table.TableView] first. `store.capture` turns files into change sets and shown rows into files.
package dev.waggle.apps.table;
