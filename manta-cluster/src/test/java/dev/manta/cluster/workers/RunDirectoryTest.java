package dev.manta.cluster.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunDirectoryTest {
  @TempDir
  Path temporary;

  private Path base() {
    return temporary.resolve("base");
  }

  @Test
  void foldersArePrivate_andSocketPathsShort() {
    try (var run = RunDirectory.open()) {
      assertThat(permissions(run.path())).isEqualTo("rwx------");
      assertThat(permissions(run.path().getParent())).isEqualTo("rwx------");
      assertThat(run.socket(9_999_999).toString().length()).isLessThan(104);
    }
  }

  private static String permissions(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void runsOfOneProcess_haveFoldersOfTheirOwn() throws Exception {
    var first = RunDirectory.below(base());
    var second = RunDirectory.below(base());
    Files.writeString(second.path().resolve("file"), "content");

    first.close();
    first.close();
    try (var third = RunDirectory.below(base())) {
      assertThat(third.path()).isEqualTo(first.path());
      assertThat(second.path()).isNotEqualTo(first.path()).exists();
    }
    second.close();
    assertThat(base()).isEmptyDirectory();
  }

  @Test
  void baseThatOthersMayWriteTo_isRefused() throws Exception {
    Files.createDirectory(base());
    Files.setPosixFilePermissions(base(), PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThatThrownBy(() -> RunDirectory.below(base())).isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(base().toString(), "rwxrwxrwx", "remove it");
  }

  @Test
  void baseThatIsLink_isRefused() throws Exception {
    Files.createSymbolicLink(base(), Files.createDirectory(temporary.resolve("elsewhere")));

    assertThatThrownBy(() -> RunDirectory.below(base())).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is not a folder");
  }

  @Test
  void usersWhoseNamesLookAlike_haveNamesOfTheirOwn() {
    assertThat(BaseDirectory.asName("anna.b-1", "7")).isEqualTo("anna.b-1");
    assertThat(BaseDirectory.asName("anna b", "7")).isEqualTo("anna_b-7");
    assertThat(BaseDirectory.asName("?", "8")).isEqualTo("_-8");
    assertThat(BaseDirectory.asName("", "9")).isEqualTo("-9");
  }

  @Test
  void deadRunWithoutItsLock_isRemovedWithWhatIsInIt() throws Exception {
    BaseDirectory.ensure(base());
    var run = Files.createDirectory(base().resolve("99999999-1234567890123"));
    Files.writeString(run.resolve("late"), "content");

    removeLeftovers();

    assertThat(base()).isEmptyDirectory();
  }

  @Test
  void processThatHasThePidOfDeadWorker_isLeftAlone() throws Exception {
    var other = new ProcessBuilder("cat").start();
    try {
      deadRun(other.toHandle(), Duration.ofHours(1));

      removeLeftovers();

      assertThat(base()).isEmptyDirectory();
      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void workerOfDeadRun_isEnded_andLinksAreNotFollowed() throws Exception {
    var left = new ProcessBuilder("cat").start();
    var mine = Files.writeString(temporary.resolve("mine"), "content");
    Files.createSymbolicLink(deadRun(left.toHandle(), Duration.ZERO).resolve("link"), temporary);

    removeLeftovers();

    assertThat(Waits.get(left.onExit()).exitValue()).isEqualTo(137);
    assertThat(base()).isEmptyDirectory();
    assertThat(mine).exists();
  }

  private void removeLeftovers() {
    try (var run = RunDirectory.below(base())) {
      run.removeLeftovers();
    }
  }

  /** A run whose parent has died, with a worker that started some time after it is said to have. */
  private Path deadRun(ProcessHandle worker, Duration late) throws Exception {
    BaseDirectory.ensure(base());
    var run = Files.createDirectory(base().resolve("99999999-1234567890123"));
    Files.createFile(run.resolve(Leftovers.LOCK));
    long start = worker.info().startInstant().orElseThrow().minus(late).toEpochMilli();
    Files.writeString(
        run.resolve(Leftovers.WORKERS),
        "rubbish\n" + worker.pid() + " " + start + "\n1");
    return run;
  }
}
