package dev.manta.cluster.workers;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The command line that starts this program's worker processes: the same runtime, class path,
 * module path, working directory and environment, and options that suit a worker. The same for all
 * workers of a run. Immutable.
 */
public final class WorkerCommand {
  /** What a path may take on the command line; longer ones go into a file. */
  static final int MOST_PATH_CHARS = 4096;
  static final long LEAST_HEAP_MIB = 64;
  private static final int LONGEST_WITHOUT_COLLECTION_MS = 5_000;

  private static final String PATHS_FILE = "paths.args";
  private static final Pattern HEAP =
      Pattern.compile("-Xmx.*|-XX:(MaxHeapSize|MaxRAM(Percentage|Fraction)?)=.*");

  private final List<String> words;

  private WorkerCommand(List<String> words) {
    this.words = List.copyOf(words);
  }

  /**
   * The command for this program.
   *
   * @param workers how many processes share the memory of the machine, spare ones included
   * @param jvmOptions come last, so that they have the last word
   * @throws IllegalStateException if no other JVM could load the program's classes; the message
   *     says why, and what to do
   */
  public static WorkerCommand of(RunDirectory run, int workers, List<String> jvmOptions) {
    var options = new ArrayList<String>();
    if (jvmOptions.stream().noneMatch(option -> HEAP.matcher(option).matches())) {
      options.add("-Xmx" + heapMib(workers) + "m");
    }
    options.addAll(ParentOptions.ofThisJvm());
    options.addAll(jvmOptions);
    return of(run, ProgramPath.ofThisJvm(), options);
  }

  static WorkerCommand of(RunDirectory run, ProgramPath program, List<String> options) {
    // No other collector: the serial one spares a start no more than 10 ms of 110 ms CPU time.
    var words = new ArrayList<String>();
    words.add(program.java().toString());
    words.add("-XX:+ExitOnOutOfMemoryError");
    // what a worker holds of others is let go of when it collects: also when it has nothing to do
    words.add("-XX:G1PeriodicGCInterval=" + LONGEST_WITHOUT_COLLECTION_MS);
    words.add("-XX:+ExplicitGCInvokesConcurrent"); // we ask for memory off the heap: no hurry
    words.add("-XX:ErrorFile=" + run.crashFileOption());
    words.add("--enable-native-access=" + String.join(",", program.nativeModules()));
    words.add("--sun-misc-unsafe-memory-access=allow");
    words.addAll(options);
    words.addAll(paths(run, program));
    program.mainModule().ifPresent(main -> words.add("--add-modules=" + main));
    var main = WorkerMain.class.getName();
    if (program.manta().isPresent()) {
      words.add("--module");
      words.add(program.manta().get() + "/" + main);
    } else {
      words.add(main);
    }
    return new WorkerCommand(words);
  }

  private static List<String> paths(RunDirectory run, ProgramPath program) {
    var words = new ArrayList<String>();
    if (!program.modulePath().isEmpty()) {
      words.addAll(List.of("--module-path", program.modulePath()));
    }
    if (!program.classPath().isEmpty()) {
      words.addAll(List.of("-cp", program.classPath()));
    }
    if (program.modulePath().length() + program.classPath().length() <= MOST_PATH_CHARS) {
      return words;
    }
    return List.of("@" + writeArguments(run.path().resolve(PATHS_FILE), words));
  }

  /** A file of arguments as the command {@code java} reads it, in the encoding that it expects. */
  private static Path writeArguments(Path file, List<String> words) {
    var text = new StringBuilder();
    for (var word : words) {
      text.append('"').append(word.replace("\\", "\\\\").replace("\"", "\\\"")).append("\"\n");
    }
    var charset =
        Charset.forName(System.getProperty("sun.jnu.encoding"), Charset.defaultCharset());
    try {
      return Files.writeString(file, text, charset);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A worker's share of the memory: no more than this JVM may take, half of the machine for all. */
  private static long heapMib(int workers) {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return heapMib(Runtime.getRuntime().maxMemory(), system.getTotalMemorySize(), workers);
  }

  static long heapMib(long ownBytes, long physicalBytes, int workers) {
    long share = Math.min(ownBytes, physicalBytes / 2 / workers) >> 20;
    return Math.max(share, LEAST_HEAP_MIB);
  }

  /** The words of the command line. */
  public List<String> words() {
    return words;
  }

  /** A process to start, in the working directory and with the environment of this one. */
  ProcessBuilder builder() {
    var builder = new ProcessBuilder(words);
    ParentOptions.removeDebugger(builder.environment());
    return builder;
  }
}
