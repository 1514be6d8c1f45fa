package dev.waggle.store.postgres;

import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.log.CoordinatorContract;
import dev.waggle.core.log.EventLog;
import dev.waggle.store.sql.SqlEventLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.function.Supplier;

/// What holds for every log holds on PostgreSQL.
class PostgresEventLogTest extends CoordinatorContract {
    private static PostgresLogs logs;
    private static int opened;

    @BeforeAll static void connect() {
        logs = TestPostgres.open(TestPostgres.database());
    }

    @AfterAll static void close() {
        if (logs != null) logs.close();
    }

    /// The contract wants several logs of one space, which nobody else does: each has a row of its own.
    @Override protected EventLog open(SpaceId id, Verifier verifier, Supplier<Epoch> fresh) {
        try {
            var row = SpaceId.of(Sha256.of(ByteBuffer.allocate(4).putInt(++opened).array()));
            return SqlEventLog.open(logs.database(row), id, verifier, fresh);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override protected int permutations() {
        return 8;
    }
}
