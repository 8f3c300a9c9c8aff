package dev.manta.cluster.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkerTest {
  @TempDir
  Path temporary;

  private RunDirectory run;
  private Console console;

  @BeforeEach
  void open() {
    run = RunDirectory.below(temporary.resolve("a base"));
    console = Console.open();
  }

  @AfterEach
  void close() {
    console.close();
    run.close();
  }

  @Test
  void programIsGivenItsConfiguration_andItsOutputHasItsNumber() throws Exception {
    var worker = Workers.start(run, 3, "echo", "-Dmanta.test=of a test");

    var last = console.await(" ready");

    assertThat(last).isEqualTo("out [worker 3] pid " + worker.pid() + " ready");
    assertThat(console.seen())
        .contains(
            "out [worker 3] number 3",
            "out [worker 3] secret AQIDBA==",
            "out [worker 3] folder " + run,
            "out [worker 3] stdin -1",
            "out [worker 3] property of a test");
    assertThat(worker.isAlive()).isTrue();
    worker.kill();
    var exit = Waits.get(worker.onExit());
    assertThat(exit.lastLines()).contains("an error").hasSize(7);
    assertThat(exit.asked()).isTrue();
  }

  @Test
  void killedWorker_isReportedWithItsSignal() throws Exception {
    var worker = Workers.start(run, 1, "wait");
    console.await(" ready");

    Workers.signal("KILL", worker.pid());

    var exit = Waits.get(worker.onExit());
    assertThat(exit.signal()).contains("SIGKILL");
    assertThat(exit.code()).isEqualTo(137);
    assertThat(exit.describe())
        .startsWith("worker 1 (process " + worker.pid() + ") was killed by SIGKILL")
        .contains("(exit code 137)")
        .endsWith("its last lines:\n    pid " + worker.pid() + " ready");
  }

  @Test
  void workerWithoutMemory_saysSo() throws Exception {
    var worker = Workers.start(run, 1, "memory", "-Xmx64m");

    var exit = Waits.get(worker.onExit());

    assertThat(exit.describe()).contains("ran out of memory (exit code 3)");
    assertThat(exit.outOfMemory()).isTrue();
  }

  @Test
  void workerThatHalts_isReportedWithItsCode() throws Exception {
    var worker = Workers.start(run, 1, "halt 7");

    var exit = Waits.get(worker.onExit());

    assertThat(exit.describe()).endsWith("ended with exit code 7; it printed nothing");
    assertThat(worker.exit()).contains(exit);
    assertThat(exit.signal()).isEmpty();
  }

  @Test
  void programThatFails_isReportedWithItsError() throws Exception {
    var worker = Workers.start(run, 1, "fail");

    var exit = Waits.get(worker.onExit());

    assertThat(exit.code()).isEqualTo(WorkerMain.PROGRAM_FAILED);
    assertThat(exit.describe()).contains("java.lang.IllegalArgumentException: on purpose");
  }

  @Test
  void crash_isReportedWithItsFile_whichOutlivesTheRun() throws Exception {
    var worker = Workers.start(run, 1, "wait", "-XX:-CreateCoredumpOnCrash");
    console.await(" ready");

    Workers.signal("SEGV", worker.pid());

    var exit = Waits.get(worker.onExit());
    run.close();
    assertThat(exit.crashFile()).hasValueSatisfying(file -> assertThat(file).exists());
    assertThat(exit.describe()).contains("its JVM crashed", "#  SIGSEGV");
  }

  @Test
  void stop_drains() throws Exception {
    var worker = Workers.start(run, 1, "wait");
    console.await(" ready");

    try (var schedule = Schedule.start()) {
      worker.stop(Waits.LIMIT, schedule);
      var exit = Waits.get(worker.onExit());

      assertThat(exit.lastLines()).endsWith("draining", "drained");
      assertThat(exit.describe()).contains("ended as it was asked");
    }
  }

  @Test
  void stop_endsWorkerThatDoesNotDrainInTime() throws Exception {
    var worker = Workers.start(run, 1, "stuck");
    console.await(" ready");

    try (var schedule = Schedule.start()) {
      worker.stop(Duration.ofMillis(10), schedule);

      assertThat(Waits.get(worker.onExit()).signal()).contains("SIGKILL");
    }
  }

  @Test
  void secondSigterm_exits() throws Exception {
    var worker = Workers.start(run, 1, "stuck");
    console.await(" ready");
    Workers.signal("TERM", worker.pid());
    console.await(" draining");

    Workers.signal("TERM", worker.pid());

    assertThat(Waits.get(worker.onExit()).code()).isEqualTo(WorkerMain.TERMINATED);
  }

  @Test
  void signalsOfTheTerminal_areLeftToTheParent() throws Exception {
    var worker = Workers.start(run, 1, "wait");
    console.await(" ready");

    Workers.signal("INT", worker.pid());
    Workers.signal("HUP", worker.pid());
    Workers.signal("TERM", worker.pid());

    assertThat(Waits.get(worker.onExit()).code()).isEqualTo(0);
  }

  @Test
  void longLinesComeInPieces_andTheLastOnesAreKept() throws Exception {
    var worker = Workers.start(run, 1, "lines 15 10000");

    console.await(" ready");

    assertThat(console.seen()).hasSize(31);
    worker.kill();
    var exit = Waits.get(worker.onExit());
    assertThat(exit.lastLines()).hasSize(Output.KEPT_LINES);
    assertThat(exit.describe().length()).isLessThan(Output.KEPT_LINES * 500);
  }

  @Test
  void longClassPath_goesIntoFile() throws Exception {
    var program = ProgramPath.ofThisJvm();
    var entry = File.pathSeparator + temporary.resolve("none at \"all\" \\ here");
    var longer =
        new ProgramPath(
            program.java(),
            entry.substring(1) + entry.repeat(20_000) + File.pathSeparator
                + program.classPath(),
            "",
            program.mainModule(),
            program.manta(),
            program.launcher(),
            program.nativeModules());

    var command = WorkerCommand.of(run, longer, Map.of(), List.of());
    var worker = Workers.start(run, 1, "wait", command);

    console.await(" ready");
    worker.kill();
    Waits.get(worker.onExit());
    assertThat(command.words()).contains("@" + run.path().resolve("paths.args"));
    assertThat(Files.size(run.path().resolve("paths.args"))).isGreaterThan(1 << 20);
  }
}
