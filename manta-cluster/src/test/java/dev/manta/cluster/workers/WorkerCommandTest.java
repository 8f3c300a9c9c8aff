package dev.manta.cluster.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkerCommandTest {
  @TempDir
  Path temporary;

  @Test
  void heap_isShareOfTheMemory() {
    long gib = 1L << 30;
    assertThat(WorkerCommand.heapMib(4 * gib, 16 * gib, 4)).isEqualTo(2048);
    assertThat(WorkerCommand.heapMib(gib, 16 * gib, 4)).isEqualTo(1024);
    assertThat(WorkerCommand.heapMib(4 * gib, gib, 100)).isEqualTo(64);
  }

  @Test
  void givenHeap_replacesTheDefault() {
    try (var run = RunDirectory.below(temporary.resolve("base"))) {
      assertThat(WorkerCommand.of(run, 16L << 30, 4, List.of("-XX:MaxRAMPercentage=10")).words())
          .noneMatch(word -> word.startsWith("-Xmx"));
      assertThat(WorkerCommand.of(run, 16L << 30, 4, List.of()).words())
          .anyMatch(word -> word.startsWith("-Xmx"));
    }
  }

  @Test
  void namedModule_isRunFromTheModulePath() {
    var program =
        new ProgramPath(
            Path.of("java"),
            "",
            "modules",
            Optional.of("app"),
            Optional.of("dev.manta.cluster"),
            Optional.empty(),
            List.of("ALL-UNNAMED", "app"));
    try (var run = RunDirectory.below(temporary.resolve("base"))) {
      assertThat(WorkerCommand.of(run, program, Map.of(), List.of()).words()).containsSubsequence(
          "--enable-native-access=ALL-UNNAMED,app",
          "--module-path",
          "modules",
          "--add-modules=app",
          "--module",
          "dev.manta.cluster/dev.manta.cluster.workers.WorkerMain");
    }
  }

  @Test
  void optionsOfOneProcess_areNotHandedOn() {
    var kept = List.of("-Da=b c", "-ea", "--add-opens=java.base/java.lang=ALL-UNNAMED", "-Xss8m");
    var dropped =
        List.of(
            "-Xmx1g",
            "-XX:+UseZGC",
            "-agentlib:jdwp=transport=dt_socket",
            "-javaagent:agent.jar",
            "-Dcom.sun.management.jmxremote.port=1",
            "-Ddev.manta.processes=4",
            "-XX:HeapDumpPath=/dumps",
            "-XX:StartFlightRecording=filename=x.jfr",
            "-Xlog:gc:file=gc.log");

    assertThat(ParentOptions.kept(kept)).isEqualTo(kept);
    assertThat(ParentOptions.kept(dropped)).isEmpty();
  }

  @Test
  void whatTwoProcessesCanNotHave_isTakenOutOfTheEnvironment() {
    var environment =
        new HashMap<>(
            Map.of(
                "JAVA_TOOL_OPTIONS", "-Da=b -agentlib:jdwp=address=1 -javaagent:trace.jar",
                "JDK_JAVA_OPTIONS",
                "-XX:HeapDumpPath=\"/my dumps\" '-Dc=d e' -Xlog:gc*:file=gc.log -Xlog:gc"
                    + " -XX:StartFlightRecording=filename=x.jfr -Xss4m",
                "_JAVA_OPTIONS", "-Dcom.sun.management.jmxremote.port=1"));

    ParentOptions.clean(environment);

    assertThat(environment)
        .isEqualTo(
            Map.of(
                "JAVA_TOOL_OPTIONS", "-Da=b -javaagent:trace.jar",
                "JDK_JAVA_OPTIONS", "'-Dc=d e' -Xlog:gc -Xss4m"));
  }

  @Test
  void processors_areShared_butTwoAtLeast() {
    assertThat(WorkerCommand.processors(16, 4)).isEqualTo(4);
    assertThat(WorkerCommand.processors(16, 5)).isEqualTo(4);
    assertThat(WorkerCommand.processors(16, 100)).isEqualTo(2);
    assertThat(WorkerCommand.processors(1, 4)).isEqualTo(1);
    assertThat(WorkerCommand.processors(8, 0)).isEqualTo(8);
  }

  @Test
  void moreOptions_haveTheLastWord() {
    try (var run = RunDirectory.below(temporary.resolve("base"))) {
      var words =
          WorkerCommand.of(run, 16L << 30, 4, List.of("-Da=1")).with(List.of("-Xmx2g")).words();

      assertThat(words).containsSubsequence("-Da=1", "-Xmx2g", WorkerMain.class.getName());
      assertThat(words.stream().filter(word -> word.startsWith("-Xmx"))).hasSize(1);
    }
  }

  @Test
  void classesThatAreInNoFile_areRefused() {
    var jshell = "jdk.jshell.execution.RemoteExecutionControl";
    var source = "jdk.compiler/com.sun.tools.javac.launcher.SourceLauncher";

    assertThatThrownBy(() -> ProgramPath.checkMainClass(jshell))
        .hasMessageContainingAll("JShell", "only in this JVM", "class path");
    assertThatThrownBy(() -> ProgramPath.checkMainClass(source))
        .hasMessageContainingAll("source file", "javac");
    assertThatThrownBy(() -> ProgramPath.java("/nowhere")).hasMessageContaining("command java");
  }

  @Test
  void programsThatAreOnlyNamedLikeThose_areTaken() {
    ProgramPath.checkMainClass("/home/anna/jshell-demo/app.jar serve");
    ProgramPath.checkMainClass("anna.jshell.Main");
    ProgramPath.checkMainClass("/src/com.sun.tools.javac.launcher/target/surefirebooter.jar");
  }

  @Test
  void otherClassLoader_isRefused() throws Exception {
    var place = WorkerMain.class.getProtectionDomain().getCodeSource().getLocation();
    try (var loader = new URLClassLoader(new URL[]{place}, null)) {
      var type = loader.loadClass(WorkerMain.class.getName());

      assertThatThrownBy(() -> ProgramPath.checkLoader(type))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll(place.toString(), "URLClassLoader", "must be unpacked");
    }
  }

  @Test
  void paths_areMadeAbsolute() {
    var absolute = ProgramPath.absolute("a" + File.pathSeparator + File.pathSeparator + "/b");

    var here = Path.of("").toAbsolutePath();
    assertThat(absolute)
        .isEqualTo(here.resolve("a") + File.pathSeparator + here + File.pathSeparator + "/b");
  }

  @Test
  void configuration_isBounded() throws Exception {
    var config = new WorkerConfig(1, "p", Path.of("r"), new byte[0], new byte[1 << 20]);
    assertThatThrownBy(config::block).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 1,048,576");

    var huge = new byte[]{0x7F, 0, 0, 0, 0, 0, 0, 0};
    assertThatThrownBy(() -> read(huge)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read(new byte[2])).isInstanceOf(EOFException.class);
  }

  private static WorkerConfig read(byte[] block) throws IOException {
    return WorkerConfig.read(new DataInputStream(new ByteArrayInputStream(block)));
  }
}
