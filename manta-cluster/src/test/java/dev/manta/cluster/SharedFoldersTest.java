package dev.manta.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.cluster.workers.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedFoldersTest {
  @TempDir
  Path root;

  private Path run;
  private Path tmpfs;
  private Path mine;

  @BeforeEach
  void folders() throws Exception {
    run = Files.createDirectory(root.resolve("77-1"));
    tmpfs = Files.createDirectory(root.resolve("shm"));
    mine = tmpfs.resolve("manta-" + Files.getAttribute(run, "unix:uid"));
  }

  @Test
  void memory_isInAPrivateFolderOfTheUser_forAllProcesses() throws Exception {
    try (RunDirectory memory = SharedFolders.inMemory(run, tmpfs)) {
      assertThat(memory.path()).hasParent(mine);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(mine)))
          .isEqualTo("rwx------");
      assertThat(SharedFolders.of(run).memory()).isEqualTo(memory.path().toRealPath());
      assertThat(SharedFolders.of(run).spill()).isEqualTo(run.resolve("objects"));
    }
    assertThat(Files.list(mine)).isEmpty();
  }

  /** Which may have another folder for its run, as its settings for temporary files are others. */
  @Test
  void startOfAnotherRun_removesWhatIsLeft_andNothingOfOneThatLives() throws Exception {
    Path dead = Files.createDirectory(mineOfAll().resolve("88-1"));
    Files.createFile(dead.resolve("lock"));
    Files.createFile(dead.resolve("m1-1"));
    try (RunDirectory memory = SharedFolders.inMemory(run, tmpfs)) {
      Path object = Files.createFile(memory.path().resolve("m1-1"));
      Path other = Files.createDirectories(root.resolve("elsewhere/99-1"));
      Process start =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp", System.getProperty("java.class.path"),
              OtherRun.class.getName(), other.toString(), tmpfs.toString())
              .inheritIO()
              .start();

      assertThat(start.waitFor()).isZero();

      assertThat(object).exists();
      assertThat(dead).doesNotExist();
      assertThat(Files.list(mine)).containsExactly(memory.path());
    }
  }

  /** A process that begins a run and ends it. */
  static final class OtherRun {
    private OtherRun() {}

    public static void main(String[] args) {
      try (RunDirectory memory = SharedFolders.inMemory(Path.of(args[0]), Path.of(args[1]))) {
        memory.removeLeftovers();
      }
    }
  }

  private Path mineOfAll() throws Exception {
    return Files.createDirectory(
        mine, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  @Test
  void folderThatOthersCanEnter_isNotUsed() throws Exception {
    Files.createDirectory(mine);
    Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertNotUsed();
  }

  @Test
  void linkToAFolder_isNotUsed() throws Exception {
    Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
    Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwx------"));
    Files.createSymbolicLink(mine, elsewhere);

    assertNotUsed();
  }

  private void assertNotUsed() {
    assertThat(SharedFolders.inMemory(run, tmpfs)).isNull();
    assertThat(SharedFolders.of(run).memory()).isEqualTo(run.resolve("memory"));
  }

  @Test
  void withoutMemoryThatAllCanUse_itIsBelowTheRun() {
    assertThat(SharedFolders.inMemory(run, root.resolve("none"))).isNull();
    assertThat(SharedFolders.of(run).memory()).isEqualTo(run.resolve("memory"));
  }
}
