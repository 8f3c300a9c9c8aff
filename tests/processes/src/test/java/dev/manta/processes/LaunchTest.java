package dev.manta.processes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.processes.launch.InStatic;
import dev.manta.processes.launch.Launched;
import dev.manta.processes.launch.Nested;
import dev.manta.processes.launch.Reloaded;
import dev.manta.processes.support.Jars;
import dev.manta.processes.support.Limits;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program with worker processes, started in every way that there is: it runs, or says why not. */
class LaunchTest {
  private static final String MAIN = Launched.class.getName();
  private static final String RUNS = "task in process 1 in %s with yes and set";

  /* JShell and a compiler are slow to start on a busy machine. */
  private static final long LIMIT_S = 5 * Limits.TOLERANCE.toSeconds();

  @TempDir
  private Path folder;

  private static String classPath() {
    return Jars.places()
        .stream()
        .map(Path::toString)
        .collect(
            Collectors.joining(File.pathSeparator));
  }

  /** What a command of the JDK's prints, started in the folder. */
  private String run(Map<String, String> environment, String tool, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(out.toFile());
    builder.environment().put("LAUNCHED", "yes");
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(LIMIT_S, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return Files.readString(out, UTF_8);
  }

  private String java(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-Dlaunched=set"));
    all.addAll(List.of(arguments));
    return run(Map.of(), "java", all.toArray(String[]::new));
  }

  /** It has run, in the same working directory, with the environment and properties. */
  private void assertRuns(String output) throws IOException {
    assertThat(output.lines()).contains(RUNS.formatted(folder.toRealPath()));
  }

  @Test
  void classPath_ofFoldersAndJars() throws Exception {
    assertRuns(java("-cp", classPath(), MAIN));
  }

  @Test
  void argumentFile() throws Exception {
    Path file = folder.resolve("program.args");
    Files.writeString(file, "-cp \"" + classPath().replace("\\", "\\\\") + "\"\n" + MAIN);

    assertRuns(java("@" + file));
  }

  @Test
  void classesThatAreLoadedAnew() throws Exception {
    assertRuns(java("-cp", classPath(), Reloaded.class.getName()));
  }

  @Test
  void folderForTemporaryFilesThatIsNotThere_isNoHindrance() throws Exception {
    String nowhere = "-Djava.io.tmpdir=" + folder.resolve("none");

    assertRuns(java(nowhere, "-cp", classPath(), MAIN));
    assertRuns(java(nowhere, "-cp", classPath(), MAIN));
  }

  /** Else each worker would start workers of its own, and so on. */
  @Test
  void mantaOfAStaticField_isRefusedInWorkers_sayingWhatToDo() throws Exception {
    assertThat(java("-cp", classPath(), InStatic.class.getName()))
        .contains("because: ", "the static initializer of " + InStatic.class.getName())
        .contains("A worker process can't start workers", "start it in main")
        .doesNotContain("task in");
  }

  @Test
  void jar_whoseManifestNamesTheOthersBesideIt() throws Exception {
    List<String> names = new ArrayList<>();
    for (Path place : Jars.places()) {
      names.add(Jars.copy(place, names.size(), folder));
    }
    Jars.ofManifest(folder.resolve("app.jar"), Launched.class, String.join(" ", names));

    assertRuns(java("-jar", "app.jar"));
  }

  /** As IDEs and Surefire start programs with a long class path. */
  @Test
  void jar_thatIsNothingButAManifest() throws Exception {
    String all =
        Jars.places().stream().map(p -> p.toUri().toString()).collect(Collectors.joining(" "));
    Path jar = Jars.ofManifest(folder.resolve("booter.jar"), Launched.class, all);

    assertRuns(java("-jar", jar.toString()));
    assertRuns(java("-cp", jar.toString(), MAIN));
  }

  @Test
  void fatJar() throws Exception {
    Jars.ofAll(folder.resolve("fat.jar"), Launched.class, Jars.places());

    assertRuns(java("-jar", "fat.jar"));
  }

  @Test
  void jarWithJarsInIt_isRefused_sayingHowToUnpackIt() throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-cp", Jars.place(Nested.class).toString(), Nested.class.getName()));
    Jars.places().forEach(place -> arguments.add(place.toUri().toString()));

    String output = java(arguments.toArray(String[]::new));

    assertThat(output).contains("refused: ")
        .contains("URLClassLoader", "must be unpacked");
    assertThat(output).contains("Or start Manta without processes.");
  }

  @Test
  void jarOfSpringBoot_works() throws Exception {
    Path jar = Jars.ofSpringBoot(folder.resolve("boot.jar"), Launched.class, Jars.places());

    assertRuns(java("-jar", jar.toString()));
  }

  @Test
  void module_ofTheModulePath() throws Exception {
    Path sources = Files.createDirectories(folder.resolve("src/dev/program"));
    Path descriptor = folder.resolve("src/module-info.java");
    Files.writeString(
        descriptor,
        "module dev.program { requires dev.manta; opens dev.program; }");
    Path main = sources.resolve("Launched.java");
    String source =
        Files.readString(
            Path.of("src/test/java", MAIN.replace('.', '/') + ".java").toAbsolutePath());
    Files.writeString(main, source.replaceFirst("package .*;", "package dev.program;"));
    String modules =
        Jars.places()
            .stream()
            .filter(LaunchTest::isNoTest)
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    Path classes = folder.resolve("classes");
    javac("--module-path", modules, "-d", classes.toString(), "-proc:none",
        descriptor.toString(), main.toString());

    assertRuns(
        java("-p", modules + File.pathSeparator + classes, "-m",
            "dev.program/dev.program.Launched"));
  }

  private static boolean isNoTest(Path place) {
    return !place.endsWith("test-classes");
  }

  private static void javac(String... arguments) {
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    PrintWriter out = new PrintWriter(System.out, true, UTF_8);
    assertThat(javac.run(out, out, arguments)).as(Arrays.toString(arguments)).isZero();
  }

  @Test
  void sourceFile_isRefused_sayingToCompileIt() throws Exception {
    Path source = folder.resolve("Prog.java");
    Files.writeString(
        source,
        """
            import dev.manta.*;
            class Prog {
              public static void main(String[] args) {
                Manta.start(LocalOptions.local().processes(1));
              }
            }
            """);

    assertThat(java("-cp", classPath(), source.toString()))
        .contains("IllegalStateException", "run from its source file", "javac");
  }

  @Test
  void jshell_isRefused_sayingWhatToDo() throws Exception {
    Path script = folder.resolve("script.jsh");
    Files.writeString(
        script,
        """
            dev.manta.Manta.start(dev.manta.LocalOptions.local().processes(1))
            /exit
            """);

    assertThat(run(Map.of(), "jshell", "--class-path", classPath(), script.toString()))
        .contains("IllegalStateException", "JShell", "put them on the class path");
  }

  /** Two JVMs can't have the same ports and files: workers start without them. */
  @Test
  void debuggerAndRecordings_ofTheEnvironmentAndTheCommandLine_areNoHindrance() throws Exception {
    int debugger = freePort();
    int management = freePort();
    String output =
        run(
            Map.of(
                "JAVA_TOOL_OPTIONS",
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:"
                    + debugger
                    + " -XX:HeapDumpPath=" + folder.resolve("dump.hprof")),
            "java",
            "-Dlaunched=set",
            "-XX:TieredStopAtLevel=1",
            "-Dcom.sun.management.jmxremote.port=" + management,
            "-Dcom.sun.management.jmxremote.host=127.0.0.1",
            "-Dcom.sun.management.jmxremote.authenticate=false",
            "-Dcom.sun.management.jmxremote.ssl=false",
            "-Xlog:gc:file=" + folder.resolve("gc.log"),
            "-cp",
            classPath(),
            MAIN);

    assertRuns(output);
    assertThat(output.lines().filter(line -> line.contains("Listening for transport"))).hasSize(1);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
