package dev.manta.behaviours;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The threads of calls are many callers': they inherit nothing from the one who came first. */
class InheritedThreadLocalsTest {
  private static final InheritableThreadLocal<String> USER = new InheritableThreadLocal<>();

  private static final class Desk {
    String user() {
      return String.valueOf(USER.get());
    }

    String userWhereItBlocks() throws Exception {
      return Manta.blocking(this::user);
    }
  }

  static Stream<ActorOptions> kinds() {
    return Stream.of(
        ActorOptions.async(),
        ActorOptions.serial(),
        ActorOptions.threaded(2),
        ActorOptions.async().dedicatedThread());
  }

  /** DESIGN, "Actors": between two calls thread-locals are as new. */
  @ParameterizedTest
  @MethodSource("kinds")
  void call_doesNotInheritThreadLocals(ActorOptions kind) {
    try (Manta manta = Manta.start()) {
      USER.set("alice");
      ActorRef<Desk> desk = manta.actor(kind, Desk::new);

      String inTheCall = desk.call(Desk::user).get();
      String whereItBlocks = desk.call(Desk::userWhereItBlocks).get();

      assertThat(inTheCall).isEqualTo("null");
      assertThat(whereItBlocks).isEqualTo("null");
    } finally {
      USER.remove();
    }
  }

  /** DESIGN, likewise for a task. */
  @Test
  void task_doesNotInheritThreadLocals() {
    try (Manta manta = Manta.start()) {
      USER.set("alice");

      String inTheTask = manta.submit(() -> String.valueOf(USER.get())).get();

      assertThat(inTheTask).isEqualTo("null");
    } finally {
      USER.remove();
    }
  }
}
