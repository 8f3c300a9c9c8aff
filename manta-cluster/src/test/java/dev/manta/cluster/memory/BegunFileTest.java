package dev.manta.cluster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is noted of the begin of work, and what others read of it after the death of the process. */
class BegunFileTest {
  private static final int CALLER = 7;

  @TempDir
  private Path folder;

  private Path path() {
    return folder.resolve("begun-3");
  }

  @Test
  void killedProcess_leavesWhatItHasBegun() throws Exception {
    try (ChildJvm child =
        new ChildJvm(
            List.of(), BeginningProcess.class, path().toString(), Integer.toString(CALLER),
            "9000")) {
      assertThat(child.line()).isEqualTo("begun");

      child.kill();
      LongPredicate mayHaveBegun = BegunFile.read(path(), CALLER);

      for (int work = 9000 - BegunFile.SLOTS; work < 9000; work++) {
        assertThat(mayHaveBegun.test(work)).as("work %d", work).isEqualTo(work % 3 != 0);
      }
      assertThat(mayHaveBegun.test(9000)).isFalse();
    }
  }

  @Test
  void stoppedProcess_isNotDead_nothingCanBeTold() throws Exception {
    try (ChildJvm child =
        new ChildJvm(
            List.of(), BeginningProcess.class, path().toString(), Integer.toString(CALLER), "9")) {
      assertThat(child.line()).isEqualTo("begun");

      LongPredicate mayHaveBegun = BegunFile.read(path(), CALLER);

      assertThat(mayHaveBegun.test(0)).isTrue();
      assertThat(mayHaveBegun.test(1_000)).isTrue();
    }
  }

  @Test
  void ownFile_isThatOfALivingProcess() throws IOException {
    try (BegunFile file = BegunFile.create(path())) {
      assertThat(file.area(CALLER)).isNotNull();

      assertThat(BegunFile.read(path(), CALLER).test(5)).isTrue();
    }
  }

  @Test
  void callerWhoseWorkNeverCame_hasNoneBegun() throws IOException {
    BegunFile.create(path()).close();

    assertThat(BegunFile.read(path(), CALLER).test(5)).isFalse();
  }

  @Test
  void areasOfCallers_areApart() throws IOException {
    try (BegunFile file = BegunFile.create(path())) {
      file.area(0).begins(5);
      file.area(CALLER).begins(6);
    }

    assertThat(BegunFile.read(path(), 0).test(5)).isTrue();
    assertThat(BegunFile.read(path(), 0).test(6)).isFalse();
    assertThat(BegunFile.read(path(), CALLER).test(5)).isFalse();
    assertThat(BegunFile.read(path(), CALLER).test(6)).isTrue();
  }

  /** Whatever the order in which the two begin, neither is ever said not to have begun. */
  @Test
  void workThatSharesASlot_isNotTold_whenTheLaterHasBegun() throws IOException {
    long early = 5;
    long late = early + BegunFile.SLOTS;
    try (BegunFile file = BegunFile.create(path())) {
      BegunFile.Area area = file.area(CALLER);
      area.begins(late);
      area.begins(early);
    }

    LongPredicate mayHaveBegun = BegunFile.read(path(), CALLER);
    assertThat(mayHaveBegun.test(early)).isTrue();
    assertThat(mayHaveBegun.test(late)).isTrue();
    assertThat(mayHaveBegun.test(late + BegunFile.SLOTS)).isFalse();
  }

  @Test
  void workThatSharesASlot_isNeverForgotten_byThreadsThatBeginAtOnce() throws Exception {
    int rounds = 2_000;
    try (BegunFile file = BegunFile.create(path())) {
      BegunFile.Area area = file.area(CALLER);
      CountDownLatch go = new CountDownLatch(1);
      Thread[] threads = new Thread[2];
      for (int t = 0; t < threads.length; t++) {
        int round = t;
        threads[t] =
            Thread.ofPlatform()
                .start(
                    () -> {
                      try {
                        go.await();
                      } catch (InterruptedException e) {
                        throw new AssertionError(e);
                      }
                      for (int slot = 0; slot < rounds; slot++) {
                        area.begins(slot + (long) round * BegunFile.SLOTS);
                      }
                    });
      }
      go.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
    }

    LongPredicate mayHaveBegun = BegunFile.read(path(), CALLER);
    for (int slot = 0; slot < rounds; slot++) {
      assertThat(mayHaveBegun.test(slot)).isTrue();
      assertThat(mayHaveBegun.test(slot + BegunFile.SLOTS)).isTrue();
    }
  }

  @Test
  void callersOverTheLimit_areUnknown_andTheOthersAreNot() throws IOException {
    try (BegunFile file = BegunFile.create(path())) {
      for (int caller = 0; caller < BegunFile.MOST_CALLERS; caller++) {
        assertThat(file.area(caller)).isNotNull();
      }

      assertThat(file.area(BegunFile.MOST_CALLERS)).isNull();
    }

    assertThat(BegunFile.read(path(), BegunFile.MOST_CALLERS).test(0)).isTrue();
    assertThat(BegunFile.read(path(), BegunFile.MOST_CALLERS - 1).test(0)).isFalse();
  }

  @Test
  void fileThatIsNotThere_orNotWhole_saysNothing() throws IOException {
    assertThat(BegunFile.read(path(), CALLER).test(0)).isTrue();
    try (BegunFile file = BegunFile.create(path())) {
      file.area(CALLER).begins(0);
    }
    try (FileChannel channel = FileChannel.open(path(), StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 1);
      assertThat(BegunFile.read(path(), CALLER).test(9)).isTrue();
      int _ = channel.write(ByteBuffer.allocate(Integer.BYTES), 0);
      assertThat(BegunFile.read(path(), 8).test(9)).isTrue();
    }
  }

  @Test
  void file_isTheOwnersAlone_andIsMadeOnce() throws IOException {
    try (BegunFile _ = BegunFile.create(path())) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
          .isEqualTo("rw-------");
      assertThatThrownBy(() -> BegunFile.create(path())).isInstanceOf(IOException.class);
    }
  }
}
