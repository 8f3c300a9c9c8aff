package dev.manta.cluster.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers whose parent is a process of its own. */
final class ParentTest {
  private static final Duration PROMISED = Duration.ofSeconds(1);

  @TempDir
  Path temporary;

  private Process parent;
  private Console console;

  private void start(List<String> options, int workers, String program) throws IOException {
    var base = temporary.resolve("base").toString();
    parent = Workers.startParent(options, base, Integer.toString(workers), program);
    console = Console.of(parent);
  }

  private void startOnClassPath(int workers, String program) throws IOException {
    var classPath = ProgramPath.ofThisJvm().classPath();
    start(List.of("-cp", classPath, ParentMain.class.getName()), workers, program);
  }

  @AfterEach
  void end() throws InterruptedException {
    parent.destroyForcibly().waitFor();
  }

  @Test
  void parentIsKilled_busyWorkersEndByThemselves() throws Exception {
    startOnClassPath(2, "busy");
    var first = Workers.process(console.await(" ready"));
    var second = Workers.process(console.await(" ready"));

    parent.destroyForcibly();

    var limit = PROMISED.plus(Waits.TOLERANCE);
    Waits.until("workers end", limit, () -> !Workers.runs(first) && !Workers.runs(second));
  }

  @Test
  void parentExits_workersEndByThemselves() throws Exception {
    startOnClassPath(1, "stuck");
    var worker = Workers.process(console.await(" ready"));

    parent.outputWriter().append('\n').close();

    Waits.until("worker ends", PROMISED.plus(Waits.TOLERANCE), () -> !Workers.runs(worker));
  }

  @Test
  void whatKilledRunHasLeft_isRemovedAtNextStart() throws Exception {
    startOnClassPath(2, "wait");
    var first = Workers.process(console.await(" ready"));
    var stopped = Workers.process(console.await(" ready"));
    Workers.signal("STOP", stopped.pid());
    parent.destroyForcibly().waitFor();
    Waits.until("the other one ends", Waits.LIMIT, () -> !Workers.runs(first));
    assertThat(Workers.runs(stopped)).isTrue();

    try (var run = RunDirectory.below(temporary.resolve("base"))) {
      run.removeLeftovers();
      Waits.until("it ends", Waits.LIMIT, () -> !Workers.runs(stopped));
      try (var left = Files.list(temporary.resolve("base"))) {
        assertThat(left).containsExactly(run.path());
      }
    }
  }

  @Test
  void runThatLives_isNotRemoved() throws Exception {
    startOnClassPath(1, "wait");
    var worker = Workers.process(console.await(" ready"));

    try (var run = RunDirectory.below(temporary.resolve("base"));
        var runs = Files.list(temporary.resolve("base"))) {
      run.removeLeftovers();
      assertThat(runs).hasSize(2).contains(run.path());
      assertThat(Workers.runs(worker)).isTrue();
    }
  }

  @Test
  void fatJar_works() throws Exception {
    var jar = temporary.resolve("a fat.jar");
    writeJar(jar);

    start(List.of("-jar", jar.toString()), 1, "wait");

    console.await(" ready");
  }

  private static void writeJar(Path jar) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, ParentMain.class.getName());
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      addFolder(WorkerMain.class, "dev", out);
      addFolder(ParentMain.class, "dev", out);
    }
  }

  private static void addFolder(Class<?> type, String folder, JarOutputStream out)
      throws IOException {
    var root = Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    try (var files = Files.walk(root.resolve(folder))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(root.relativize(file).toString()));
        Files.copy(file, (OutputStream) out);
      }
    }
  }
}
