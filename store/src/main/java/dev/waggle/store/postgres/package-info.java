/// The logs of all spaces of a hub in one PostgreSQL database. What is written is written by `store.sql`, in the same statements; here is where they go, how
/// two processes keep out of each other's way, and how a database that came back from a dump is noticed. Read [dev.waggle.store.postgres.PostgresLogs] first.
/// The schema is `V1__logs.sql`. Invariants I1 and I7 are kept here.
package dev.waggle.store.postgres;
