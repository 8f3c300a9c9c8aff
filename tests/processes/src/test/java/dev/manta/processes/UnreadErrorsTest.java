package dev.manta.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.TaskFailedException;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.WithWorkers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A10: an error that nobody read is reported once, by the last process that had its ref. */
class UnreadErrorsTest {
  @RegisterExtension
  static final WithWorkers WORKERS = new WithWorkers(2);

  /** A ref inside a value. */
  record Boxed(ObjectRef<Integer> ref) {}

  /** What Manta reports in this process. */
  static final class Reports extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger("dev.manta");
    private final List<String> errors = new CopyOnWriteArrayList<>();

    Reports() {
      logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord report) {
      for (Throwable e = report.getThrown(); e != null; e = e.getCause()) {
        errors.add(String.valueOf(e.getMessage()));
      }
    }

    /** How often an error was reported, of what is not reachable now. */
    int count(String message) {
      System.gc();
      return (int) errors.stream().filter(message::equals).count();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      logger.removeHandler(this);
    }
  }

  /** Has refs to what fails, and hears what its process reports. */
  static final class Place {
    private final Reports reports = new Reports();

    long pid() {
      return ProcessHandle.current().pid();
    }

    Boxed failing(String message) {
      return new Boxed(
          Manta.current().submit(() -> {
            throw new IllegalStateException(message);
          }));
    }

    /** Only waits for it. */
    boolean ends(Boxed box) {
      while (!box.ref().isDone()) {
        Manta.sleep(Duration.ofMillis(10));
      }
      return true;
    }

    String read(Boxed box) {
      try {
        return "read " + box.ref().get();
      } catch (TaskFailedException e) {
        return String.valueOf(e.getCause().getMessage());
      }
    }

    int reported(String message) {
      return reports.count(message);
    }
  }

  @Test
  void errorThatWasPassedOn_isReportedByWhoDropsItUnread_andNowhereElse(Manta manta) {
    ActorRef<Place> first = manta.actor(Place::new);
    ActorRef<Place> second = manta.actor(Place::new);
    assertThat(Ends.value(first.call(Place::pid)))
        .isNotEqualTo(Ends.value(second.call(Place::pid)));
    try (Reports here = new Reports()) {
      pass(first, second, "read");
      pass(first, second, "dropped");

      Limits.until(
          "the report of the second",
          () -> Ends.intOf(second.call(p -> p.reported("dropped"))) > 0);

      pass(first, second, "later");
      Limits.until(
          "the report of a later one",
          () -> Ends.intOf(second.call(p -> p.reported("later"))) > 0);
      assertThat(Ends.intOf(second.call(p -> p.reported("dropped")))).isEqualTo(1);
      for (String message : List.of("read", "dropped")) {
        assertThat(here.count(message)).as("%s, by the driver", message).isZero();
        assertThat(Ends.intOf(first.call(p -> p.reported(message)))).as(message).isZero();
      }
      assertThat(Ends.intOf(second.call(p -> p.reported("read")))).isZero();
    }
  }

  private static void pass(ActorRef<Place> from, ActorRef<Place> to, String message) {
    Boxed box = Ends.value(from.call(p -> p.failing(message)));
    if (message.equals("read")) {
      String seen = Ends.value(to.call(p -> p.read(box)));
      assertThat(seen).isEqualTo("read");
    } else {
      boolean ended = Ends.value(to.call(p -> p.ends(box)));
      assertThat(ended).isTrue();
    }
  }
}
