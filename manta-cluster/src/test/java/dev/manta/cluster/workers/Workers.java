package dev.manta.cluster.workers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts workers that run the {@link TestProgram}, and parents of such workers. */
final class Workers {
  static final byte[] SECRET = {1, 2, 3, 4};

  private Workers() {}

  static Worker start(RunDirectory run, int number, String program, String... jvmOptions)
      throws IOException {
    return start(run, number, program, WorkerCommand.of(run, 16L << 30, 4, List.of(jvmOptions)));
  }

  static Worker start(RunDirectory run, int number, String program, WorkerCommand command)
      throws IOException {
    var config =
        new WorkerConfig(
            number,
            TestProgram.class.getName(),
            run.path(),
            SECRET,
            program.getBytes(StandardCharsets.UTF_8));
    return Worker.start(number, command.builder(), List.of(config::block), run);
  }

  /** Starts a parent JVM with the given options, among them its class path. */
  static Process startParent(List<String> options, String... arguments) throws IOException {
    var words = new ArrayList<String>();
    words.add(ProgramPath.java(System.getProperty("java.home")).toString());
    words.addAll(options);
    words.addAll(List.of(arguments));
    return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** The process of a worker that has printed its process id. */
  static ProcessHandle process(String line) {
    var pid = line.replaceAll(".*pid (\\d+) ready", "$1");
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  /** Whether a process runs: one that has ended does not, though the system may bury it only later. */
  static boolean runs(ProcessHandle process) {
    try {
      var stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      return process.isAlive() && !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
    } catch (IOException e) {
      return false;
    }
  }

  static void signal(String signal, long pid) throws Exception {
    int code = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
    if (code != 0) {
      throw new IllegalStateException("kill -" + signal + " " + pid + " failed");
    }
  }
}
