package dev.waggle.node.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// The commands after `waggle`, in the order in which help lists them.
enum Commands {
    UP(UpCommand::new),
    TRACK(TrackCommand::new),
    UNTRACK(UntrackCommand::new),
    INVITE(InviteCommand::new),
    JOIN(JoinCommand::new),
    LEAVE(LeaveCommand::new),
    SPACE(SpaceCommand::new),
    MEMBER(MemberCommand::new),
    PEER(PeerCommand::new),
    SYNC(SyncCommand::new),
    LOG(LogCommand::new),
    EXPLAIN(ExplainCommand::new),
    HIVE(HiveCommands::new),
    PROJECT(BoardCommands::new),
    TASK(TaskCommands::new),
    HUB(HubCommands::new),
    AGENT(AgentCommand::new),
    IMPORT(ImportCommand::new),
    EXPORT(ExportCommand::new),
    COMPARE(CompareCommand::new),
    PAGE(PageCommand::new),
    DOCTOR(DoctorCommand::new),
    BACKUP(BackupCommand::new),
    RESTORE(RestoreCommand::new),
    COMPLETION(CompletionCommand::new),
    SIMULATE(SimulateCommand::new),
    VERSION(VersionCommand::new);

    private final Supplier<Object> maker;

    Commands(Supplier<Object> maker) {
        this.maker = maker;
    }

    static List<Commands> all() {
        return List.of(values());
    }

    /// The one that is called by this word; all when there is none such, so that what is said about it can name what there is.
    static List<Commands> named(String word) {
        var found = Arrays.stream(values()).filter(each -> each.word().equals(word)).toList();
        return found.isEmpty() ? all() : found;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Object make() {
        return maker.get();
    }
}
