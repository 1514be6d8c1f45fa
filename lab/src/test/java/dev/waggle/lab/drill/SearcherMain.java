package dev.waggle.lab.drill;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Function;

/// The process of a [Searcher]. Reads two lines for each search, a class path and a question, and answers with one line. Whatever tests print goes
/// to standard error. Each search has classes of its own: neither a mistake nor what it left in a static field reaches the next.
final class SearcherMain {
    private SearcherMain() {}

    public static void main(String[] arguments) throws IOException {
        var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        var questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var path = questions.readLine(); path != null; path = questions.readLine()) answers.println(answer(path, questions.readLine()));
        System.exit(0);                     // whatever threads a test with a mistake in it left behind
    }

    private static String answer(String path, String question) {
        try (var classes = new Classes(path)) {
            Thread.currentThread().setContextClassLoader(classes);
            var search = (Function<?, ?>) classes.loadClass(Search.class.getName()).getConstructor().newInstance();
            return search.getClass().getMethod("apply", String.class).invoke(search, question).toString();
        } catch (ReflectiveOperationException | IOException | LinkageError e) {
            var cause = e.getCause() == null ? e : e.getCause();
            return new Found(Found.How.OTHERWISE, 0, cause.toString()).text();
        }
    }

    /// Looks for Waggle's classes here first, the folder with the mistake before the others; libraries are shared.
    private static final class Classes extends URLClassLoader {
        Classes(String path) throws MalformedURLException {
            super(urls(path.split(File.pathSeparator)), SearcherMain.class.getClassLoader());
        }

        private static URL[] urls(String[] paths) throws MalformedURLException {
            var urls = new URL[paths.length];
            for (int i = 0; i < paths.length; i++) urls[i] = Path.of(paths[i]).toUri().toURL();
            return urls;
        }

        @Override protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("dev.waggle.")) return super.loadClass(name, resolve);
            synchronized (getClassLoadingLock(name)) {
                var known = findLoadedClass(name);
                return known != null ? known : findClass(name);
            }
        }
    }
}
