package dev.waggle.node.setting;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.node.Node;
import dev.waggle.node.NodeSettings;
import dev.waggle.node.board.BoardOptions;
import dev.waggle.node.board.Boards;
import dev.waggle.node.identity.PrivateFiles;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/// Changes what may be changed of a running node: in its settings file, and at once in the node. A value that the node would not start with is refused and changes nothing. Thread-safe.
///
/// Nothing here names programs or where the node listens: whoever has the token must not gain more by it than the API gives.
public final class SettingsDesk {
    private static final String ADDRESSES = "addresses";
    private final Node node;
    private final Boards boards;
    private final boolean addressesAreOfFile;

    public SettingsDesk(Node node, Boards boards) {
        this.node = node;
        this.boards = boards;
        this.addressesAreOfFile = texts(NodeSettings.settingsFile(node.settings().data()).get(ADDRESSES).orElse(Json.array())).equals(node.settings().addresses());
    }

    /// What may be changed, with what the file says now.
    public synchronized Json editable() {
        var file = NodeSettings.settingsFile(node.settings().data());
        return Json.array(Setting.ALL.stream().map(setting -> shown(setting, file)).toList());
    }

    /// What takes another start, with what holds now and, where the file says something else meanwhile, what will hold then.
    public Json fixed() {
        return FixedSettings.of(node, boards.options(), NodeSettings.settingsFile(node.settings().data()));
    }

    /// @param value [Json#NULL] takes the setting out of the file: the default holds again
    /// @throws Problem when there is no such setting, or the node would not start with that value
    public synchronized Json.Obj change(String name, Json value) {
        var setting = Setting.ALL.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow(() -> new Problem(ErrorCode.NOT_FOUND,
            "\"" + name + "\" is no setting that can be changed while the node runs.", "GET /api/v1/settings names them, and says how to change others."));
        if (name.equals(ADDRESSES) && !addressesAreOfFile)
            throw new Problem(ErrorCode.NOT_ALLOWED, "The addresses were named when the node was started.", "Start it without --address and WAGGLE_ADDRESS.");
        var data = node.settings().data();
        var file = SettingsText.with(NodeSettings.settingsFile(data), setting.path(), value);
        try {
            var changed = node.settings().running(file, addressesAreOfFile);
            var options = BoardOptions.of(file);
            PrivateFiles.write(NodeSettings.file(data), SettingsText.of(file));
            node.change(changed);
            boards.change(options);
        } catch (IOException e) {
            throw new Problem(ErrorCode.STORAGE, "The settings cannot be written: " + e.getMessage() + ".", "Check the disk; nothing was changed.", e);
        } catch (Problem e) {
            throw refused(setting, e);
        }
        return shown(setting, file);
    }

    /// The field's own words, without the file around it: people see a form.
    private static Problem refused(Setting setting, Problem problem) {
        if (!(problem.getCause() instanceof MalformedPayload || problem.getCause() instanceof IllegalArgumentException)) return problem;
        var field = "\"" + setting.path().getLast() + "\"";
        var says = problem.getCause().getMessage();
        return new Problem(ErrorCode.BAD_REQUEST, (says.contains(field) || says.startsWith("\"") ? says : field + ": " + says) + ".", "Nothing was changed.", problem);
    }

    private Json.Obj shown(Setting setting, Json.Obj file) {
        var said = SettingsText.at(file, setting.path());
        var value = said.orElse(setting.otherwise());
        boolean editable = !setting.name().equals(ADDRESSES) || addressesAreOfFile;
        if (!editable) value = Json.array(node.settings().addresses().stream().map(Json::of).toList());
        return Json.object("name", setting.name(), "kind", setting.kind().name().toLowerCase(Locale.ROOT), "value", setting.name().endsWith("webhook") ? withoutSecrets(value) : value,
            "default", setting.otherwise(), "is_default", said.isEmpty(), "editable", editable, "says", setting.says());
    }

    /// The path of a webhook's address is often what opens it.
    private static Json withoutSecrets(Json value) {
        if (!(value instanceof Json.Str(var address))) return value;
        var uri = URI.create(address);
        return Json.of(uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + "/…");
    }

    private static List<String> texts(Json list) {
        return list.asArray().stream().map(Json::asText).toList();
    }
}
