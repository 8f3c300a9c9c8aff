package dev.manta.cluster;

import static org.assertj.core.api.Assertions.assertThat;

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
  void memory_isInAPrivateFolderOfTheUser() throws Exception {
    SharedFolders folders = SharedFolders.of(run, tmpfs);

    assertThat(folders.memory()).isEqualTo(mine.resolve("77-1"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(mine)))
        .isEqualTo("rwx------");
    assertThat(SharedFolders.of(run, tmpfs)).as("for all processes").isEqualTo(folders);
  }

  @Test
  void folderThatOthersCanEnter_isNotUsed() throws Exception {
    Files.createDirectory(mine);
    Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThat(SharedFolders.of(run, tmpfs).memory()).isEqualTo(run.resolve("memory"));
  }

  @Test
  void linkToAFolder_isNotUsed() throws Exception {
    Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
    Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwx------"));
    Files.createSymbolicLink(mine, elsewhere);

    assertThat(SharedFolders.of(run, tmpfs).memory()).isEqualTo(run.resolve("memory"));
  }

  @Test
  void withoutMemoryThatAllCanUse_itIsBelowTheRun() {
    assertThat(SharedFolders.of(run, root.resolve("none")).memory())
        .isEqualTo(run.resolve("memory"));
  }
}
