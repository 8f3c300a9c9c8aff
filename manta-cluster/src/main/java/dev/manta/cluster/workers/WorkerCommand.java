package dev.manta.cluster.workers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
  private static final List<String> HEAP =
      List.of(
          "-Xmx",
          "-XX:MaxHeapSize=",
          "-XX:MaxRAM=",
          "-XX:MaxRAMPercentage=",
          "-XX:MaxRAMFraction=");

  private static final List<String> PROCESSORS = List.of("-XX:ActiveProcessorCount=");

  /** What comes before the options. */
  private final List<String> head;

  /** What options are if no other says it: how those begin. */
  private final Map<String, List<String>> defaults;

  private final List<String> options;

  /** What comes after the options: where the classes are, and the main class. */
  private final List<String> tail;

  private WorkerCommand(
      List<String> head,
      Map<String, List<String>> defaults,
      List<String> options,
      List<String> tail) {
    this.head = List.copyOf(head);
    this.defaults = Map.copyOf(defaults);
    this.options = List.copyOf(options);
    this.tail = List.copyOf(tail);
  }

  /** Loads what takes longest of what {@link #of} needs. May run beside it or not at all. */
  public static void prepare() {
    var _ = ParentOptions.ofThisJvm();
    var _ = new ProcessBuilder().environment();
  }

  /**
   * The command for this program.
   *
   * @param memoryBytes of the machine
   * @param workers how many processes share the machine, a spare one included
   * @param jvmOptions come last, so that they have the last word
   * @throws IllegalStateException if no other JVM could load the program's classes; the message
   *     says why, and what to do
   */
  public static WorkerCommand of(
      RunDirectory run, long memoryBytes, int workers, List<String> jvmOptions) {
    var defaults = new HashMap<String, List<String>>();
    defaults.put("-Xmx" + heapMib(Runtime.getRuntime().maxMemory(), memoryBytes, workers) + "m",
        HEAP);
    int all = Runtime.getRuntime().availableProcessors();
    int share = processors(all, workers - 1);
    if (share < all) {
      defaults.put("-XX:ActiveProcessorCount=" + share, PROCESSORS);
    }
    var options = new ArrayList<>(ParentOptions.ofThisJvm());
    options.addAll(jvmOptions);
    return of(run, ProgramPath.ofThisJvm(), defaults, options);
  }

  static WorkerCommand of(
      RunDirectory run, ProgramPath program, Map<String, List<String>> defaults,
      List<String> options) {
    // No other collector: the serial one spares a start no more than 10 ms of 110 ms CPU time.
    var head = new ArrayList<String>();
    head.add(program.java().toString());
    head.add("-XX:+ExitOnOutOfMemoryError");
    // what a worker holds of others is let go of when it collects: also when it has nothing to do
    head.add("-XX:G1PeriodicGCInterval=" + LONGEST_WITHOUT_COLLECTION_MS);
    head.add("-XX:+ExplicitGCInvokesConcurrent"); // we ask for memory off the heap: no hurry
    head.add("-XX:ErrorFile=" + run.crashFileOption());
    head.add("--enable-native-access=" + String.join(",", program.nativeModules()));
    head.add("--sun-misc-unsafe-memory-access=allow");
    var tail = new ArrayList<>(paths(run, program));
    program.mainModule().ifPresent(main -> tail.add("--add-modules=" + main));
    var main = WorkerMain.class.getName();
    if (program.manta().isPresent()) {
      tail.add("--module");
      tail.add(program.manta().get() + "/" + main);
    } else if (program.launcher().isPresent()) {
      tail.add("-Dloader.main=" + main);
      tail.add(program.launcher().get());
    } else {
      tail.add(main);
    }
    return new WorkerCommand(head, defaults, options, tail);
  }

  /** The same with more options at the end, which have the last word. */
  WorkerCommand with(List<String> jvmOptions) {
    var all = new ArrayList<>(options);
    all.addAll(jvmOptions);
    return new WorkerCommand(head, defaults, all, tail);
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
  static long heapMib(long ownBytes, long physicalBytes, int workers) {
    long share = Math.min(ownBytes, physicalBytes / 2 / workers) >> 20;
    return Math.max(share, LEAST_HEAP_MIB);
  }

  /** A worker's share of the processors: at least two, by which a JVM chooses its collector. */
  static int processors(int all, int workers) {
    return Math.min(all, Math.max(2, Math.ceilDiv(all, Math.max(1, workers))));
  }

  /** The words of the command line. */
  public List<String> words() {
    var words = new ArrayList<>(head);
    defaults.forEach((option, others) -> {
      if (ParentOptions.firstOf(options, others) == null) {
        words.add(option);
      }
    });
    words.addAll(options);
    words.addAll(tail);
    return words;
  }

  /** A process to start, in the working directory and with the environment of this one. */
  ProcessBuilder builder() {
    var builder = new ProcessBuilder(words());
    ParentOptions.clean(builder.environment());
    return builder;
  }
}
