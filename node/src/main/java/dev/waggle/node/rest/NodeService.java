package dev.waggle.node.rest;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.SpaceId;
import dev.waggle.node.HostPort;
import dev.waggle.node.Jobs;
import dev.waggle.node.Node;
import dev.waggle.node.NodeSettings;
import dev.waggle.node.Problems;
import dev.waggle.node.RunFile;
import dev.waggle.node.account.AccountService;
import dev.waggle.node.account.Swarms;
import dev.waggle.node.board.BoardService;
import dev.waggle.node.hive.Hives;
import dev.waggle.node.mirror.Mirrors;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A node with its routes, served on loopback when the settings say so. Closing it is safe at any time and from any thread.
public final class NodeService implements AutoCloseable {
    private static final int TOKEN_BYTES = 32;
    private final Node node;
    private final Jobs<Json.Obj> jobs = new Jobs<>();
    private final Metrics metrics;
    private final Router router;
    private final String token;
    private final PageSessions sessions;
    private final PageRoutes page;
    private final Hives hives;
    private final Mirrors mirrors;
    private final BoardService boards;
    private final AccountService accounts;
    private final LiveSockets sockets;
    private RestServer server;
    private boolean closed;

    private NodeService(Node node, String token) {
        this.node = node;
        this.token = token;
        this.sessions = new PageSessions(token, node::nowMs, () -> node.random(PageSessions.randomBytes()));
        this.page = new PageRoutes(sessions, this::rest);
        this.metrics = new Metrics(node);
        this.hives = new Hives(node);
        this.mirrors = new Mirrors(node);
        this.boards = new BoardService(node, this::listing);
        var options = boards.boards().options();
        this.accounts = new AccountService(node, options.nodeName().orElse(node.id().brief()), options.publicUrl().orElse(""));
        accounts.accounts().onProject(boards::changed);
        this.sockets = new LiveSockets(new Channels(node, hives, boards.boards()), hives.agents(), sessions);
        node.peers().serve(new PublicFeed(node, hives));
        accounts.door().ifPresent(door -> node.peers().serve(door, new Portal(new HubRoutes(accounts).routes())));
        this.router = new Router(guarded(Routes.of(node, hives, mirrors, boards, accounts, jobs, metrics, this::sockets, page)));
    }

    private Optional<Swarms.Listing> listing(SpaceId space) {
        return accounts.listing(space);
    }

    /// @param broken told when a bug stops the engine
    public static NodeService start(NodeSettings settings, Consumer<Throwable> broken) {
        var node = Node.start(settings, broken);
        try {
            var fresh = new byte[TOKEN_BYTES];
            new SecureRandom().nextBytes(fresh);
            var service = new NodeService(node, RunFile.tokenOrElse(settings.data(), Hex.of(fresh)));
            settings.rest().ifPresent(address -> service.serve(HostPort.parse(address)));
            service.boards.start(settings.listen().isPresent());
            if (settings.listen().isPresent()) {                               // not for the length of one command
                service.mirrors.start();
                service.accounts.start();
            }
            return service;
        } catch (IOException e) {
            node.close();
            throw new Problem(ErrorCode.STORAGE, "The token in " + settings.data() + " cannot be used: " + e.getMessage() + ".", "Check the disk.", e);
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private void serve(HostPort address) {
        server = RestServer.start(address.host(), address.port(), router, token, sessions, sockets, (id, bug) ->
            System.getLogger("waggle.rest").log(System.Logger.Level.ERROR, "request " + id + " failed", bug));
        try {
            new RunFile(ProcessHandle.current().pid(), server.address()).write(node.settings().data());
        } catch (IOException e) {
            server.close();
            throw new Problem(ErrorCode.STORAGE, "run.json cannot be written: " + e.getMessage() + ".", "Check the disk.", e);
        }
    }

    /// What the layers below throw, in the words of this one; for every route the same.
    private static List<Route> guarded(List<Route> routes) {
        return routes.stream().map(route -> new Route(route.method(), route.path(), route.open(), route.agents(), route.summary(), route.fields(), route.answers(), request -> {
            try {
                return route.handler().handle(request);
            } catch (RuntimeException e) {
                throw Problems.of(e);
            }
        })).toList();
    }

    public Node node() {
        return node;
    }

    /// Calls a route in this process.
    public Reply call(String method, String target, Json.Obj body) {
        return router.call(method, target, body);
    }

    /// What `GET /api/v1/node` says.
    public Json.Obj description() {
        return StatusJson.node(node);
    }

    /// Where REST is, `host:port`; empty when it is not served.
    public Optional<String> rest() {
        return Optional.ofNullable(server).map(RestServer::address);
    }

    /// Where WebSockets are; empty when they are not served.
    private Optional<String> sockets() {
        return rest().map(address -> "ws://" + address + LiveSockets.PATH);
    }

    /// A link to the page that works once. Its secret is in the fragment, which browsers never send.
    public String pageLink() {
        return page.link().orElse("(not served)");
    }

    @Override public synchronized void close() {
        if (closed) return;
        closed = true;
        if (server != null) {
            try {
                RunFile.delete(node.settings().data());
            } catch (IOException e) {
                System.getLogger("waggle.rest").log(System.Logger.Level.WARNING, "run.json stays; the next command finds nobody there", e);
            }
            server.close();
        }
        accounts.close();
        mirrors.close();
        jobs.close();
        boards.close();
        metrics.close();
        node.close();
    }
}
