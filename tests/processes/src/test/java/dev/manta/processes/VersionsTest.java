package dev.manta.processes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.Reason;
import dev.manta.processes.launch.Rebuilt;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.WithWorkers;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code that the driver has, and its workers have not. */
class VersionsTest {
  private static final String HERE =
      """
          import dev.manta.Manta;
          public class Elsewhere implements java.util.function.Function<Manta, Object> {
            public Object apply(Manta manta) { return manta.submit(() -> 7); }
          }
          """;

  @TempDir
  private Path folder;

  @AfterEach
  void nothingIsLeft() {
    WithWorkers.checkNothingLeft();
  }

  private Path compiled(String name, String source) throws IOException {
    Path classes = Files.createDirectory(folder.resolve(name));
    Path file = classes.resolve("Elsewhere.java");
    Files.writeString(file, source);
    PrintWriter out = new PrintWriter(System.out, true, UTF_8);
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    int result =
        javac.run(out, out, "-cp", System.getProperty("java.class.path"), "-proc:none",
            "-d", classes.toString(), file.toString());
    assertThat(result).isZero();
    return classes;
  }

  /** What a caller sees of a task whose code only this process has. */
  @SuppressWarnings("unchecked")
  private NotExecutedException error(LocalOptions options) throws Exception {
    URL[] here = {compiled("here", HERE).toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(here, getClass().getClassLoader());
        Manta manta = Manta.start(options)) {
      var function =
          (Function<Manta, Object>) loader.loadClass("Elsewhere").getConstructor().newInstance();
      var task = (ObjectRef<Integer>) function.apply(manta);
      return Ends.error(task, NotExecutedException.class, Reason.CODE_MISSING);
    }
  }

  /** Also where the lambda has the same name: a worker that starts later has other code. */
  @Test
  void classThatWasBuiltAnew_isRefusedByLaterWorkers_namingBoth() throws Exception {
    Path classes = compiled("here", HERE);
    Path anew = compiled("anew", HERE.replace("7", "8"));
    Path out = folder.resolve("out.txt");
    Process program =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp", System.getProperty("java.class.path") + File.pathSeparator + classes,
            Rebuilt.class.getName(), classes.resolve("Elsewhere.class").toString(),
            anew.resolve("Elsewhere.class").toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      assertThat(program.waitFor(5 * Limits.TOLERANCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      program.descendants().forEach(ProcessHandle::destroyForcibly);
      program.destroyForcibly();
    }

    assertThat(Files.readString(out))
        .contains("first 7", "the worker has ended", "then CODE_MISSING")
        .contains("another version of the class Elsewhere", "Elsewhere.lambda$apply$");
  }

  @Test
  void lambdaWhoseClassTheWorkerLacks_isRefused_namingBoth() throws Exception {
    assertThat(error(WithWorkers.options(1)))
        .hasMessageContaining("lacks the class Elsewhere")
        .hasMessageContaining("Elsewhere.lambda$apply$");
  }

  @Test
  void lambdaWhoseClassIsOfAnotherVersionThere_isRefused_namingBoth() throws Exception {
    Path there = compiled("there", "public class Elsewhere {}");
    LocalOptions options =
        LocalOptions.local().cpus(1).processes(1).jvmOptions("-Xbootclasspath/a:" + there);

    assertThat(error(options)).hasMessageContaining("another version of the class Elsewhere")
        .hasMessageContaining("Elsewhere.lambda$apply$");
  }
}
