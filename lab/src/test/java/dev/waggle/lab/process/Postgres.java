package dev.waggle.lab.process;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;

/// A real PostgreSQL server on loopback whose cluster outlives its processes.
public final class Postgres implements AutoCloseable {
    private final Path cluster;
    private EmbeddedPostgres server;
    private int port;

    public Postgres(Path cluster) throws IOException {
        this.cluster = cluster;
        start();
    }

    public void start() throws IOException {
        var builder = EmbeddedPostgres.builder().setServerConfig("fsync", "on").setDataDirectory(cluster).setCleanDataDirectory(false)
            .setPGStartupWait(NodeProcess.PATIENCE);
        server = (port == 0 ? builder : builder.setPort(port)).start();
        port = server.getPort();
    }

    /// kill -9 of the server and all that serve its clients.
    public void kill() throws IOException {
        var main = ProcessHandle.of(Long.parseLong(Files.readAllLines(cluster.resolve("postmaster.pid")).getFirst())).orElseThrow();
        var children = main.descendants().toList();
        main.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        main.onExit().join();
        for (var child : children) child.onExit().join();
        server.close();                          // lets go of its folder
    }

    /// For `--database`.
    public String url(String database) {
        return "jdbc:postgresql://postgres@localhost:" + port + "/" + database;
    }

    public void sql(String database, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:postgresql://localhost:" + port + "/" + database, "postgres", ""); var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override public void close() throws IOException {
        server.close();
    }
}
