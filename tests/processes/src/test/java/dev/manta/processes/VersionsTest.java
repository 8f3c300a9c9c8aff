package dev.manta.processes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.NotExecutedException;
import dev.manta.ObjectRef;
import dev.manta.Reason;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.WithWorkers;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
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
