package dev.waggle.node.account;

import dev.waggle.apps.hub.Account;
import dev.waggle.apps.hub.Kind;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.SpaceId;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// The nodes of a hub's organisations, and the swarm projects that they brought. Thread-safe.
public final class Swarms {
    static final int PROJECTS_MAX = 10_000;
    private final Accounts accounts;

    public Swarms(Accounts accounts) {
        this.accounts = accounts;
    }

    /// A node came in with a key and proved who it is.
    ///
    /// @throws Problem when it belongs to another organisation
    void register(NodeId id, Accounts.Opened with, String name, String publicUrl) {
        var caller = new Caller.Registered(id);
        var known = accounts.ask(view -> view.find(Kind.NODE, id.hex()), Optional.<Account>empty()).filter(Account::isLive);
        if (known.filter(each -> !each.text("organisation").equals(with.organisation())).isPresent())
            throw new Problem(ErrorCode.NOT_ALLOWED, "This node belongs to another organisation of the hub.", "Its admin has to remove it there first.");
        var wanted = accounts.change(caller, Kind.NODE, id.hex(), "organisation", with.organisation(), "key", with.key(), "name", name, "public_url", publicUrl, "removed", false);
        if (known.filter(each -> new TreeMap<>(each.fields()).equals(wanted.fields())).isEmpty()) accounts.write(wanted);
    }

    public void removeNode(String asked, Caller caller) {
        var found = accounts.find(Kind.NODE, asked, caller);
        caller.requireChanges(accounts.organisation(found));
        accounts.write(accounts.change(caller, Kind.NODE, found.id(), "removed", true));
    }

    boolean isNode(NodeId id, String organisation) {
        return accounts.ask(view -> view.find(Kind.NODE, id.hex()), Optional.<Account>empty()).filter(Account::isLive).filter(each -> each.text("organisation").equals(organisation)).isPresent();
    }

    // Projects

    /// A node brought a project whose log names it as one that may let others in, and this hub as a moderator.
    void publish(SpaceId space, String organisation, String name, NodeId by) {
        var known = project(space);
        if (known.filter(each -> !each.text("organisation").equals(organisation)).isPresent())
            throw new Problem(ErrorCode.NOT_ALLOWED, "That project is another organisation's.", "Make one of your own.");
        if (known.isPresent()) return;
        if (accounts.ask(view -> view.live(Kind.PROJECT), List.<Account>of()).stream().filter(each -> each.text("organisation").equals(organisation)).count() >= PROJECTS_MAX)
            throw new Problem(ErrorCode.TOO_MANY, "The organisation has " + PROJECTS_MAX + " projects.", "Remove one first.");
        var caller = new Caller.Registered(by);
        accounts.write(accounts.change(caller, Kind.PROJECT, space.hex(), "organisation", organisation, "name", name, "node", by.hex(), "open", true, "removed", false, "withdrawn", false));
        accounts.projectChanged(space);
    }

    Optional<Account> project(SpaceId space) {
        return accounts.ask(view -> view.find(Kind.PROJECT, space.hex()), Optional.<Account>empty()).filter(Account::isLive);
    }

    /// Every node of the organisation may take part, or only those that are named.
    public void openProject(String asked, boolean open, Caller caller) {
        var project = accounts.find(Kind.PROJECT, asked, caller);
        caller.requireChanges(accounts.organisation(project));
        accounts.write(accounts.change(caller, Kind.PROJECT, project.id(), "open", open));
    }

    /// The hub shows it to nobody any more. What members of it have stays theirs.
    public void removeProject(String asked, Caller caller) {
        var project = accounts.find(Kind.PROJECT, asked, caller);
        caller.requireChanges(accounts.organisation(project));
        remove(project, caller, false);
    }

    /// As [#removeProject], by who brought it: the others are not told that it is lost, since it is not.
    void withdraw(Account project) {
        remove(project, new Caller.Operator(), true);
    }

    private void remove(Account project, Caller caller, boolean withdrawn) {
        accounts.write(accounts.change(caller, Kind.PROJECT, project.id(), "removed", true, "withdrawn", withdrawn));
        accounts.projectChanged(new SpaceId(project.id()));
    }

    /// Whether a space is a project of this hub.
    public enum Listing {
        /// It never was one.
        NONE,
        LISTED,
        /// Who brought it took it off again.
        WITHDRAWN,
        /// The hub took it off.
        REMOVED
    }

    /// @return empty while the accounts are being read
    Optional<Listing> listing(SpaceId space) {
        if (!accounts.node().settings().hub()) return Optional.of(Listing.NONE);
        if (!accounts.isRead()) return Optional.empty();
        return Optional.of(accounts.ask(view -> view.find(Kind.PROJECT, space.hex()), Optional.<Account>empty())
            .map(project -> project.isLive() ? Listing.LISTED : project.is("withdrawn") ? Listing.WITHDRAWN : Listing.REMOVED).orElse(Listing.NONE));
    }

    public void grant(String askedProject, String askedNode, boolean granted, Caller caller) {
        var project = accounts.find(Kind.PROJECT, askedProject, caller);
        caller.requireChanges(accounts.organisation(project));
        var to = accounts.find(Kind.NODE, askedNode, caller);
        if (!accounts.organisation(to).equals(accounts.organisation(project))) throw Caller.nothing();
        accounts.write(accounts.change(caller, Kind.GRANT, Hex.of(Sha256.of((project.id() + to.id()).getBytes(StandardCharsets.US_ASCII))), "project", project.id(), "node", to.id(), "removed", !granted));
    }

    /// What a node of an organisation may see, by name.
    List<Account> visible(NodeId id, String organisation) {
        return accounts.ask(view -> {
            var granted = view.live(Kind.GRANT).stream().filter(each -> each.text("node").equals(id.hex())).map(each -> each.text("project")).toList();
            var seen = new ArrayList<>(view.live(Kind.PROJECT).stream().filter(each -> each.text("organisation").equals(organisation))
                .filter(each -> each.is("open") || each.text("node").equals(id.hex()) || granted.contains(each.id())).toList());
            seen.sort(Comparator.<Account, String>comparing(each -> each.text("name")).thenComparing(Account::id));
            return seen;
        }, List.<Account>of());
    }
}
