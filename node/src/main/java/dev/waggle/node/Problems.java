package dev.waggle.node;

import dev.waggle.apps.table.ResolutionRefused;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.WriteRefused;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.capture.FileRefused;
import dev.waggle.store.capture.FileUnavailable;
import dev.waggle.store.capture.FollowerClosed;
import dev.waggle.store.sqlite.UnusableFile;
import dev.waggle.store.view.TooSlow;
import dev.waggle.store.view.ViewUnavailable;
import dev.waggle.sync.engine.SyncFull;
import dev.waggle.sync.protocol.BadTicket;

import java.util.regex.Pattern;

/// What the layers below say when they cannot, in the words that people and programs are told.
public final class Problems {
    /// What the driver puts before the words of SQLite.
    private static final Pattern DRIVER_CODE = Pattern.compile("\\[SQLITE_\\w+] ");

    private Problems() {}

    /// @return a [Problem] for everything a caller can act on; a bug is returned as it is
    public static RuntimeException of(RuntimeException failure) {
        return switch (failure) {
            case Problem problem -> problem;
            case BadTicket ticket -> split(ErrorCode.BAD_TICKET, ticket.getMessage(), ticket);
            case ResolutionRefused refused -> split(ErrorCode.BAD_REQUEST, refused.getMessage(), refused);
            case SyncFull full -> new Problem(ErrorCode.TOO_MANY, "The node is busy with its peers.", "Try again in a second.", full);
            case FileRefused refused -> split(ErrorCode.NOT_TRACKABLE, refused.getMessage(), refused);
            case FollowerClosed closed -> new Problem(ErrorCode.NOT_FOUND, "The file is not tracked any more, or the node stops.", "`waggle space list` names the files that are tracked.", closed);
            case FileUnavailable unavailable -> new Problem(ErrorCode.FILE_UNUSABLE, sentence(unavailable.getMessage()), "Try again when nothing holds the file.", unavailable);
            case DamagedLog damaged -> new Problem(ErrorCode.DATA_DAMAGED, sentence(damaged.getMessage()), "Run `waggle doctor`: it mends the log with what other members have.", damaged);
            case UnusableFile unusable -> new Problem(ErrorCode.DATA_DAMAGED, sentence(unusable.getMessage()), "Restore the file from a backup, or join the space again.", unusable);
            case WriteRefused refused -> split(ErrorCode.NOT_ALLOWED, refused.getMessage(), refused);
            case ViewUnavailable unavailable -> new Problem(ErrorCode.STORAGE, sentence("What is shown could not be read: " + unavailable.getMessage()),
                "Check the disk; it can be made again from the log.", unavailable);
            case TooSlow slow -> new Problem(ErrorCode.TOO_MANY, sentence(slow.getMessage()), "Ask for less, or with rarer words.", slow);
            case LogUnavailable unavailable -> new Problem(ErrorCode.STORAGE, sentence("The node's own files could not be written or read: " + unavailable.getMessage()),
                "Check the disk; nothing was changed, so the command can be repeated.", unavailable);
            default -> failure;
        };
    }

    /// The first sentence says what happened, the rest what to do.
    private static Problem split(ErrorCode code, String text, Throwable cause) {
        var whole = sentence(text.contains("; ") && !text.contains(". ") ? sentenceBreak(text) : text);
        int end = whole.indexOf(". ");
        return end < 0 ? new Problem(code, whole, "", cause) : new Problem(code, whole.substring(0, end + 1), whole.substring(end + 2), cause);
    }

    private static String sentenceBreak(String text) {
        int at = text.indexOf("; ");
        return text.substring(0, at) + ". " + Character.toUpperCase(text.charAt(at + 2)) + text.substring(at + 3);
    }

    private static String sentence(String text) {
        if (text == null || text.isBlank()) return "It failed without saying why.";
        var plain = DRIVER_CODE.matcher(text).replaceAll("");
        var begun = Character.toUpperCase(plain.charAt(0)) + plain.substring(1);
        return begun.endsWith(".") ? begun : begun + ".";
    }
}
