package dev.waggle.lab.drill;

import dev.waggle.sim.Simulation;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One search in classes with a mistake in them, or without: loaded anew for each by a [SearcherMain], so it speaks to that in words only.
///
/// Its answer is a [Found] as text.
public final class Search implements Function<String, String> {
    @Override public String apply(String question) {
        var words = question.split(" ", 4);
        try {
            return switch (words[0]) {
                case "simulator" -> simulate(Long.parseLong(words[1]), Long.parseLong(words[2]), words[3]).text();
                case "traces" -> traces(Long.parseLong(words[1]), Long.parseLong(words[2]));
                case "test" -> test(words[1], words[2]).text();
                default -> throw new IllegalArgumentException(question);
            };
        } catch (ReflectiveOperationException e) {
            return new Found(Found.How.OTHERWISE, 0, e.toString()).text();
        }
    }

    private static Found simulate(long first, long seedsMax, String reason) {
        for (long seed = first; seed < first + seedsMax; seed++) {
            var failure = Simulation.run(Simulation.Options.of(seed)).failure();
            if (failure.isEmpty()) continue;
            boolean meant = Pattern.compile(reason).matcher(failure.get()).find();
            return new Found(meant ? Found.How.FOUND : Found.How.OTHERWISE, seed - first + 1, "seed " + seed + ": " + failure.get());
        }
        return new Found(Found.How.MISSED, seedsMax, "");
    }

    private static String traces(long first, long seeds) {
        var traces = new StringBuilder();
        for (long seed = first; seed < first + seeds; seed++) traces.append(Simulation.run(Simulation.Options.of(seed)).trace()).append(' ');
        return traces.toString().strip();
    }

    private static Found test(String type, String method) throws ReflectiveOperationException {
        var testClass = Class.forName(type, false, Search.class.getClassLoader());
        var what = method.equals("*") ? DiscoverySelectors.selectClass(testClass) : DiscoverySelectors.selectMethod(testClass, method(testClass, method));
        return run(LauncherDiscoveryRequestBuilder.request().selectors(what).build());
    }

    private static Method method(Class<?> type, String name) throws NoSuchMethodException {
        return Stream.<Class<?>>iterate(type, each -> each != null, Class::getSuperclass).flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
            .filter(each -> each.getName().equals(name)).findFirst().orElseThrow(() -> new NoSuchMethodException(type + "." + name));
    }

    private static Found run(LauncherDiscoveryRequest request) {
        var result = new TestExecutionListener() {
            int tests;
            String failure = "";

            @Override public void executionFinished(TestIdentifier test, TestExecutionResult ended) {
                if (test.isTest()) tests++;
                if (ended.getStatus() != TestExecutionResult.Status.SUCCESSFUL && failure.isEmpty())
                    failure = test.getDisplayName() + " " + ended.getThrowable().map(Throwable::toString).orElse("aborted");
            }
        };
        LauncherFactory.create().execute(request, result);
        if (result.tests == 0) return new Found(Found.How.OTHERWISE, 0, "no test ran: " + result.failure);
        return result.failure.isEmpty() ? new Found(Found.How.MISSED, 1, "") : new Found(Found.How.FOUND, 1, result.failure);
    }
}
