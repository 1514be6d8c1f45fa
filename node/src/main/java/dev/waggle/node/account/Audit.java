package dev.waggle.node.account;

import dev.waggle.apps.hub.Account;
import dev.waggle.apps.hub.AccountChange;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.log.Entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Who changed what: the log of a hub's accounts, read backwards.
public final class Audit {
    private final Accounts accounts;

    public Audit(Accounts accounts) {
        this.accounts = accounts;
    }

    /// @param at   wall clock of whoever wrote it
    /// @param what fields and their new values; hashes are left out
    public record Audited(long offset, long atMs, AccountChange what) {}

    /// Changes, newest first.
    ///
    /// @param before an offset; [Long#MAX_VALUE] for the newest
    /// @param looks  so many entries are looked at, whosever they are
    public List<Audited> changes(long before, int looks, Caller caller) {
        var space = accounts.space();
        if (space.isEmpty()) return List.of();
        var log = space.get().log();
        var found = new ArrayList<Audited>();
        for (long at = Math.min(before - 1, log.state().lastOffset()); at > Math.max(0, before == Long.MAX_VALUE ? log.state().lastOffset() - looks : before - 1 - looks); at--) {
            var offset = at;
            log.atOffset(at).filter(Entry.Admitted.class::isInstance).map(entry -> ((Entry.Admitted) entry).event()).ifPresent(event -> {
                try {
                    AccountChange.read(event).filter(change -> caller.sees(ofOrganisation(change)))
                        .ifPresent(change -> found.add(new Audited(offset, event.envelope().ts().wallMs(), change)));
                } catch (MalformedPayload _) {
                    // quarantined: it changed nothing
                }
            });
        }
        return found;
    }

    private String ofOrganisation(AccountChange change) {
        return accounts.ask(view -> view.find(change.kind(), change.id()), Optional.<Account>empty()).map(accounts::organisation).orElse("");
    }
}
