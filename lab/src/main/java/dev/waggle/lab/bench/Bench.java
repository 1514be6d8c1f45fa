package dev.waggle.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Asks what Waggle costs and prints the answers: `./waggle bench`. Start here; [Setting] says what can be chosen.
///
/// Nodes are started by the launcher, as people start them, with its JVM options. Nothing here is a test: on a shared machine a time says
/// little, a ratio within one run a lot, and CPU-seconds most.
public final class Bench {
    private static final List<Question> QUESTIONS = List.of(new Capture(), new LogWrite(), new Backfill(), new Fanout(), new Snapshot(), new HubGuests(), new HubTasks(), new HubProjects(), new Bundle(), new Latency(), new Contention(), new Wire(),
        new Memory(), new Idle(), new Commands());

    private Bench() {}

    /// The system property `waggle.launcher` names the launcher.
    public static void main(String[] arguments) throws Exception {
        var launcher = System.getProperty("waggle.launcher");
        if (launcher == null) throw new IllegalStateException("start it as `waggle bench`: the property waggle.launcher is not set");
        Setting setting;
        var words = new ArrayList<>(List.of(arguments));
        var guard = words.remove("--guard") ? new Guard() : null;
        if (guard != null) words.addAll(List.of("--only", String.join(",", Guard.QUESTIONS)));
        try {
            setting = Setting.read(words.toArray(String[]::new), Path.of(launcher));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(Setting.USAGE);
            System.exit(2);
            return;
        }
        boolean good = run(setting, guard);
        if (guard != null) {
            System.out.println(guard.sentence());
            good &= guard.isGood();
        }
        System.exit(good ? 0 : 1);
    }

    /// @param guard looks at each answer; null for nobody
    /// @return false when some question could not be answered
    private static boolean run(Setting setting, Guard guard) throws IOException {
        Files.createDirectories(setting.folder());
        var folder = Files.createTempDirectory(setting.folder(), "waggle-bench");
        var report = new Report(Machine.here(folder));
        var answered = true;
        try {
            for (var question : QUESTIONS) {
                if (!setting.only().isEmpty() && !setting.only().contains(question.name())) continue;
                System.err.println("asking: " + question.name());
                try {
                    question.ask(setting, Files.createDirectory(folder.resolve(question.name()))).forEach(measure -> {
                        report.add(measure);
                        if (guard != null) guard.look(measure);
                        System.out.println(Report.line(measure));
                    });
                } catch (Exception e) {
                    answered = false;
                    System.err.println(question.name() + " could not be answered:");
                    e.printStackTrace();
                }
                if (answered) Scratch.remove(folder.resolve(question.name()));
            }
        } finally {
            if (answered) Scratch.remove(folder);
        }
        if (setting.report() != null) Files.writeString(setting.report(), report.markdown(setting));
        return answered;
    }
}
