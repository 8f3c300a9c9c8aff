package dev.manta.cluster.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real file systems that are full, mounted for a process that has a mount namespace of its own. Where
 * that isn't permitted there is no such test; {@link FullStoreTest} has the injected quota anywhere.
 */
class FullFileSystemTest {
  @TempDir
  Path folder;

  private static final List<String> NAMESPACE = List.of("unshare", "-rm", "sh", "-c",
      "mount -t tmpfs -o size=4m none \"$0\" && mount -t tmpfs -o size=4m none \"$1\" && shift"
          + " && exec \"$@\"");

  @TestFactory
  Stream<DynamicTest> fullFileSystem() throws Exception {
    Files.createDirectory(folder.resolve("memory"));
    Files.createDirectory(folder.resolve("disk"));
    return permitted()
        ? Stream.of(DynamicTest.dynamicTest("mounted tmpfs of 4 MiB", this::fullTmpfs))
        : Stream.of(DynamicTest.dynamicTest("no mount permitted here: nothing tested", () -> {}));
  }

  private List<String> before() {
    return Stream.concat(NAMESPACE.stream(), Stream.of(folder.resolve("memory").toString(),
        folder.resolve("disk").toString())).toList();
  }

  private boolean permitted() throws Exception {
    List<String> command = new java.util.ArrayList<>(before());
    command.add("true");
    try {
      Process process = new ProcessBuilder(command).start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (java.io.IOException e) {
      return false; // there is no such command
    }
  }

  private void fullTmpfs() throws Exception {
    try (ChildJvm child = new ChildJvm(before(), SmallFileSystemProcess.class,
        folder.resolve("memory").toString(), folder.resolve("disk").toString())) {
      assertThat(child.line()).isEqualTo("total 4194304");
      assertThat(child.line()).isEqualTo("full java.io.IOException: No space left on device");
      assertThat(child.line()).isEqualTo("in memory 4, on disk 4");
      assertThat(child.line()).isEqualTo("left 0");
      child.assertEnded();
    }
  }
}
