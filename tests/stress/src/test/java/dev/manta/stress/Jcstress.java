package dev.manta.stress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * One run of jcstress, in JVMs of its own.
 *
 * @param passed the tests that had only outcomes that they may have
 * @param failed the others: a forbidden outcome, a timeout, an exception
 * @param report what jcstress says of the latter
 */
record Jcstress(Set<String> passed, Set<String> failed, String report) {
  private static final Pattern RESULT = Pattern.compile("\\.{3,} \\[(\\w+)] (\\S+)");

  /** Runs all tests, with what the system property {@code stress.size} says. */
  static Jcstress run() throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of("target", "jcstress"));
    Path log = folder.resolve("report.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(words("stress.jvm"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("org.openjdk.jcstress.Main", "-t", "dev.manta", "-v", "-r", "."));
    command.addAll(words("stress.size"));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      int exit = process.waitFor();
      return read(Files.readString(log) + "exit status " + exit);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static List<String> words(String property) {
    return List.of(System.getProperty(property).trim().split("\\s+"));
  }

  private static Jcstress read(String log) {
    Set<String> passed = new TreeSet<>();
    Set<String> failed = new TreeSet<>();
    Matcher result = RESULT.matcher(log);
    while (result.find()) {
      (result.group(1).equals("OK") ? passed : failed).add(result.group(2));
    }
    passed.removeAll(failed);
    int results = Math.max(0, log.indexOf("RUN RESULTS"));
    int others = log.indexOf("All remaining tests", results);
    return new Jcstress(
        passed, failed, log.substring(results, others < 0 ? log.length() : others));
  }

  /** The tests of a package, as the annotation processor has found them. */
  static Set<String> testsOf(String inPackage) {
    return of(inPackage, Set.copyOf(TestList.tests()));
  }

  /** Those tests that are of a package. */
  static Set<String> of(String inPackage, Set<String> tests) {
    Set<String> found = new TreeSet<>(tests);
    found.removeIf(test -> !test.startsWith(inPackage + "."));
    return found;
  }
}
