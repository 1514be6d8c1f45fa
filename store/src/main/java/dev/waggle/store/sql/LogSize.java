package dev.waggle.store.sql;

import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.LogUnavailable;

import java.sql.SQLException;

/// What a log holds besides its events.
///
/// @param chunks       large values and first rows, kept apart from the events that name them
/// @param segments     condensed events, many in one
/// @param segmentBytes as they are stored: compressed
public record LogSize(long chunks, long chunkBytes, long segments, long segmentBytes) {
    /// Works beside an open log.
    ///
    /// @throws LogUnavailable when it cannot be read now
    public static LogSize of(Database log, SpaceId space) {
        try (var connection = log.reader()) {
            var chunks = counted(connection, "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM chunks WHERE /*space*/ true");
            var segments = counted(connection, "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM segments WHERE /*space*/ true");
            return new LogSize(chunks[0], chunks[1], segments[0], segments[1]);
        } catch (SQLException e) {
            throw new LogUnavailable("measure the log of space " + space.brief(), e);
        }
    }

    private static long[] counted(LogConnection connection, String sql) throws SQLException {
        try (var statement = connection.prepare(sql); var row = statement.executeQuery()) {
            row.next();
            return new long[] {row.getLong(1), row.getLong(2)};
        }
    }
}
