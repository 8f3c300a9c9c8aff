package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.behaviours.support.OneProcess;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Manta knows its threads by their handlers of uncaught exceptions: what others do with those. */
class HandlerOfUncaughtExceptionsTest {
  private static final class Gate {
    private final CompletableFuture<Integer> opened = new CompletableFuture<>();

    String reportTo(String error) {
      Thread current = Thread.currentThread();
      current.getUncaughtExceptionHandler()
          .uncaughtException(current, new IllegalStateException(error));
      return error;
    }

    String replaceHandler() {
      Thread.currentThread().setUncaughtExceptionHandler((thread, error) -> {});
      return "replaced";
    }

    int pass() {
      return Manta.await(opened);
    }

    String open() {
      opened.complete(1);
      return "open";
    }
  }

  /** Libraries report errors that nobody takes to their thread's handler. */
  @Test
  @Tag(OneProcess.ONLY) // the handler is that of its own JVM
  void errorGivenToTheHandler_reachesTheDefaultOne() {
    AtomicReference<Throwable> reported = new AtomicReference<>();
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> reported.set(error));
    try (Manta manta = Manta.start()) {
      ActorRef<Gate> gate = manta.actor(Gate::new);

      gate.call(g -> g.reportTo("dropped")).get();

      assertThat(reported.get()).hasMessage("dropped");
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(null);
    }
  }

  /** A call that sets a handler does not take the next call out of Manta. */
  @Test
  void callAfterOneThatReplacedTheHandler_givesTheTurnWhileItWaits() {
    try (Manta manta = Manta.start()) {
      ActorRef<Gate> gate = manta.actor(Gate::new);
      ObjectRef<String> replaced = gate.call(Gate::replaceHandler);
      ObjectRef<Integer> passed = gate.call(Gate::pass);

      String open = gate.call(Gate::open).get();

      assertThat(open).isEqualTo("open");
      assertThat(replaced.get()).isEqualTo("replaced");
      assertThat(passed.get()).isEqualTo(1);
    }
  }
}
