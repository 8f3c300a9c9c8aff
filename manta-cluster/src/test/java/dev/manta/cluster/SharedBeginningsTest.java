package dev.manta.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.engine.Beginnings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What processes of a run say of each other; the processes of a test are one, and live. */
class SharedBeginningsTest {
  @TempDir
  private Path folder;

  private SharedFolders folders() {
    return new SharedFolders(folder.resolve("memory"), folder.resolve("spill"));
  }

  @Test
  void processThatLives_mayHaveBegunAll() {
    SharedBeginnings driver = SharedBeginnings.reading(folders(), 0);
    SharedBeginnings worker = SharedBeginnings.noting(folders(), 1);
    Beginnings.Notes notes = worker.of(0);
    assertThat(notes).isNotNull();

    notes.begins(3);

    assertThat(driver.mayHaveBegun(1).test(3)).isTrue();
    assertThat(driver.mayHaveBegun(1).test(4)).isTrue();
    assertThat(driver.of(1)).as("the driver's own").isNull();
  }

  /** The next run of this process has a folder of the same name. */
  @Test
  void runThatIsOver_removesNothingOfTheNext() {
    SharedBeginnings over = SharedBeginnings.reading(folders(), 0);
    over.close();
    SharedBeginnings next = SharedBeginnings.noting(folders(), 1);
    assertThat(next.of(0)).isNotNull();

    over.remove(1);
    assertThat(folder.resolve("memory").resolve("begun-1")).exists();

    SharedBeginnings.reading(folders(), 0).remove(1);
    assertThat(folder.resolve("memory").resolve("begun-1")).doesNotExist();
  }
}
