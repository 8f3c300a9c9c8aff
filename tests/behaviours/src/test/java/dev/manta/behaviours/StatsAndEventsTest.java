package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.ActorStats;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.MantaStats;
import dev.manta.ObjectRef;
import dev.manta.TaskOptions;
import dev.manta.behaviours.support.Eventually;
import dev.manta.behaviours.support.Gate;
import dev.manta.behaviours.support.OneProcess;
import dev.manta.behaviours.support.Reports;
import dev.manta.behaviours.support.WithManta;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen from outside: figures at one moment, and events for Java Flight Recorder. */
@ExtendWith(WithManta.class)
class StatsAndEventsTest {
  @TempDir
  private Path folder;

  /** DESIGN, resources in stats: what is offered, and what of it is free while things run. */
  @Tag(OneProcess.ONLY) // the driver does not learn that a task with resources of its own waits
  @Test
  void stats_showWhatIsOfferedFreeRunningAndQueued(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Service> service =
        manta.actor(ActorOptions.named("service").cpus(1).resource("gpu", 0.5), Service::new);
    service.call(Service::ping).get();
    List<ObjectRef<Boolean>> tasks =
        IntStream.range(0, 2)
            .mapToObj(
                i -> manta.submit(
                    TaskOptions.named("holder").resource("gpu", 1), () -> hold(gate)))
            .toList();
    Eventually.until("one holds, one is queued", () -> gate.call(Gate::waiting).get() == 1);

    MantaStats stats = manta.stats();

    assertThat(stats.resources()).isEqualTo(Map.of("cpu", 4.0, "gpu", 2.0));
    // the task that waits has given its CPU back, and keeps its gpu
    assertThat(stats.free()).isEqualTo(Map.of("cpu", 3.0, "gpu", 0.5));
    assertThat(stats.tasksRunning()).isEqualTo(1);
    assertThat(stats.tasksQueued()).isEqualTo(1);
    Gate.open(gate);
    manta.getAll(tasks);
  }

  /** CONTRACT 6: an actor's pending, started and finished calls, and the most there were. */
  @Test
  void actorStats_countItsCalls(Manta manta) {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Service> service =
        manta.actor(ActorOptions.named("service").maxConcurrency(3).maxRestarts(1), Service::new);
    IntStream.range(0, 5).forEach(i -> service.call(Service::ping).get());
    ObjectRef<Integer> failed = service.call(Service::fail);
    assertThatThrownBy(failed::get).isInstanceOf(MantaException.class);
    List<ObjectRef<Boolean>> waiting =
        IntStream.range(0, 7)
            .mapToObj(i -> service.call(s -> gate.call(Gate::pass).get()))
            .toList();
    Eventually.until("three are inside", () -> gate.call(Gate::waiting).get() == 3);

    ActorStats before = statsOf(manta, "service");
    Gate.open(gate);
    manta.getAll(waiting);

    assertThat(before).isEqualTo(new ActorStats("service", 1, 7, 3, 3, 6, before.stalls()));
    Eventually.until(
        "all are finished",
        () -> {
          ActorStats s = statsOf(manta, "service");
          return s.pending() == 0 && s.started() == 0 && s.finished() == 13;
        });
    manta.killAndRestart(service);
    service.call(Service::ping).get();
    assertThat(statsOf(manta, "service").incarnation()).isEqualTo(2);
  }

  /** DESIGN, events: a call is recorded from its submission to its end, in that order. */
  @Tag(OneProcess.ONLY) // its events are those of two processes, each with a number of its own
  @Test
  void events_tellTheLifeOfACall(Manta manta) throws IOException {
    List<RecordedEvent> events;
    try (Recording recording = recording()) {
      recording.start();
      ActorRef<Gate> gate = Gate.closed(manta);
      ActorRef<Service> service = manta.actor(ActorOptions.named("service"), Service::new);
      ObjectRef<Boolean> waiting = service.call(s -> s.waitAt(gate));
      Gate.awaitReached(gate);
      service.call(Service::ping).get(); // runs when the other is suspended
      Gate.open(gate);
      waiting.get();
      Eventually.until("both have ended", () -> statsOf(manta, "service").finished() == 2);
      events = stop(recording);
    }

    List<RecordedEvent> ofTheCall =
        events.stream().filter(e -> e.getString("call").contains("waitAt")).toList();
    assertThat(ofTheCall)
        .extracting(e -> e.getEventType().getName())
        .containsExactly(
            "dev.manta.CallQueued",
            "dev.manta.CallStarted",
            "dev.manta.CallSuspended",
            "dev.manta.CallResumed",
            "dev.manta.CallEnded");
    assertThat(ofTheCall).extracting(e -> e.getLong("number"))
        .hasSameElementsAs(
            List.of(ofTheCall.getFirst().getLong("number")));
    assertThat(ofTheCall).allMatch(e -> e.getString("call").contains("service"));
  }

  /** DESIGN, events: likewise for a task, under its name. */
  @Test
  @Tag(OneProcess.ONLY) // a recording is of one JVM
  void events_tellTheLifeOfATask(Manta manta) throws IOException {
    List<RecordedEvent> events;
    try (Recording recording = recording()) {
      recording.start();
      manta.submit(TaskOptions.named("sum"), () -> 1 + 1).get();
      Eventually.until("its thread is idle", () -> manta.stats().tasksRunning() == 0);
      events = stop(recording);
    }

    assertThat(events)
        .filteredOn(e -> e.getString("call").contains("sum"))
        .extracting(e -> e.getEventType().getName())
        .containsExactly(
            "dev.manta.CallQueued", "dev.manta.CallStarted", "dev.manta.CallEnded");
  }

  /** A11, DESIGN, events: a turn that is held too long. */
  @Test
  @Tag(OneProcess.ONLY) // a recording is of one JVM
  void events_tellOfAStall(Manta manta) throws IOException {
    List<RecordedEvent> events;
    try (Recording recording = recording()) {
      recording.start();
      ActorRef<Service> service = manta.actor(ActorOptions.named("service"), Service::new);
      service.call(s -> s.spinUntilReported()).get();
      events = stop(recording);
    }

    assertThat(events)
        .filteredOn(e -> e.getEventType().getName().equals("dev.manta.TurnStalled"))
        .anyMatch(e -> e.getString("call").contains("spinUntilReported"));
  }

  /** DESIGN, events: what is not enabled is not written. */
  @Test
  @Tag(OneProcess.ONLY) // a recording is of one JVM
  void events_notEnabled_areNotWritten(Manta manta) throws IOException {
    List<RecordedEvent> events;
    try (Recording recording = recording()) {
      recording.disable("dev.manta.CallQueued");
      recording.start();
      manta.submit(() -> 1).get();
      Eventually.until("its thread is idle", () -> manta.stats().tasksRunning() == 0);
      events = stop(recording);
    }

    assertThat(events)
        .extracting(e -> e.getEventType().getName())
        .contains("dev.manta.CallEnded")
        .doesNotContain("dev.manta.CallQueued");
  }

  private static Recording recording() {
    Recording recording = new Recording();
    for (String event : List.of(
        "CallQueued", "CallStarted", "CallSuspended", "CallResumed", "CallEnded",
        "TurnStalled")) {
      recording.enable("dev.manta." + event);
    }
    return recording;
  }

  /** Its events by time. */
  private List<RecordedEvent> stop(Recording recording) throws IOException {
    recording.stop();
    Path file = folder.resolve("events.jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file)
        .stream()
        .filter(e -> e.getEventType().getName().startsWith("dev.manta."))
        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
        .toList();
  }

  private static ActorStats statsOf(Manta manta, String actor) {
    return manta.stats()
        .actors()
        .stream()
        .filter(stats -> stats.actor().equals(actor))
        .findFirst()
        .orElseThrow();
  }

  private static boolean hold(ActorRef<Gate> gate) {
    return gate.call(Gate::pass).get();
  }

  /** Something to look at. */
  static final class Service {
    boolean ping() {
      return true;
    }

    int fail() {
      throw new IllegalStateException("no");
    }

    boolean waitAt(ActorRef<Gate> gate) {
      return gate.call(Gate::pass).get();
    }

    boolean spinUntilReported() {
      try (Reports reports = new Reports()) {
        Eventually.until("the report", () -> !reports.mentioning("spinUntilReported").isEmpty());
      }
      return true;
    }
  }
}
