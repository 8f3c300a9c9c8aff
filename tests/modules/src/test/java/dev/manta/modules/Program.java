package dev.manta.modules;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** The user's module {@code dev.shop}: compiled with a descriptor, then run in a JVM of its own. */
final class Program {
  private static final Path SOURCES = Path.of("src", "test", "modules", "shop");

  private final Path folder;

  Program(Path folder) {
    this.folder = folder;
  }

  /** What a JVM has printed, and its exit status. */
  record Run(int status, String out, String err) {}

  /** Compiles the module with a descriptor of these lines, but for the last brace, and runs it. */
  Run with(String... descriptor) throws IOException, InterruptedException {
    Path classes = compile(String.join("\n", descriptor));
    Path err = folder.resolve("err.txt");
    Path out = folder.resolve("out.txt");
    Process java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--module-path",
            MantaModules.path() + File.pathSeparator + classes,
            "--module",
            "dev.shop/dev.shop.desk.Main")
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    int status;
    try {
      status = java.waitFor();
    } finally {
      java.destroyForcibly();
    }
    return new Run(status, Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  private Path compile(String lines) throws IOException {
    Path descriptor = folder.resolve("module-info.java");
    Files.writeString(descriptor, lines + "\n}\n");
    Path classes = Files.createTempDirectory(folder, "classes");
    List<String> arguments =
        new ArrayList<>(
            List.of("--module-path", MantaModules.path(), "-d", classes.toString(), "-proc:none"));
    arguments.add(descriptor.toString());
    try (Stream<Path> sources = Files.walk(SOURCES)) {
      sources.map(Path::toString).filter(s -> s.endsWith(".java")).forEach(arguments::add);
    }
    StringWriter said = new StringWriter();
    PrintWriter printer = new PrintWriter(said);
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    if (javac.run(printer, printer, arguments.toArray(String[]::new)) != 0) {
      throw new AssertionError("javac: " + said);
    }
    return classes;
  }
}
