package dev.manta.ecosystem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.RemoteFunction;
import dev.manta.RemoteSupplier;
import dev.manta.TaskOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Plain virtual threads that block in {@code get}, and what a debugger shows of Manta's own. */
class VirtualThreadsTest {
  private static final int THREADS = 1000;

  @AutoClose
  private final Manta manta = Manta.start();

  @AutoClose
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private final ActorRef<Greeter> greeter = manta.actor(Greeter::new);

  /** CONTRACT 1: a thousand threads, each with a call of its own, each gets its own answer. */
  @Test
  void get_ofAThousandCallsSideBySide() throws Exception {
    List<Future<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      answers.add(threads.submit(() -> greeter.call(g -> g.next()).get()));
    }

    List<Integer> all = results(answers);

    assertThat(all)
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, THREADS).boxed().toList());
  }

  /** R4: a thousand threads that wait for one call see the same object. */
  @Test
  void get_ofOneCallByAThousandThreads() throws Exception {
    ObjectRef<String> held = greeter.call(Greeter::hold);
    List<Future<String>> answers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      answers.add(threads.submit(() -> held.get()));
    }

    greeter.run(g -> g.letGo("go"));

    String said = held.get();
    assertThat(results(answers))
        .hasSize(THREADS)
        .allSatisfy(each -> assertThat(each).isSameAs(said));
  }

  /**
   * Someone who looks at threads sees the actor and the method. The first run of a function in a
   * program goes without: to find its name takes milliseconds.
   */
  @Test
  void threadOfACall_isNamedAfterActorAndMethod() {
    ActorRef<Greeter> named = manta.actor(ActorOptions.named("door"), Greeter::new);
    RemoteFunction<Greeter, String> function = g -> g.threadName();
    named.call(function).get();

    String name = named.call(function).get();

    assertThat(name).contains("door").contains("threadName");
  }

  /** One that has waited has its name at the first run too. */
  @Test
  void threadOfAResumedCall_isNamedAfterActorAndMethod() {
    ActorRef<Greeter> named = manta.actor(ActorOptions.named("door"), Greeter::new);
    ObjectRef<String> name = named.call(g -> g.threadNameAfterHold());
    named.call(Greeter::held).get();

    named.run(g -> g.letGo("go"));

    assertThat(name.get()).contains("door").contains("threadNameAfterHold");
  }

  /** Someone who looks at threads sees the name of the task. */
  @Test
  void threadOfATask_isNamedAfterIt() {
    TaskOptions options = TaskOptions.named("resize");
    RemoteSupplier<String> function = () -> Thread.currentThread().getName();
    manta.submit(options, function).get();

    String name = manta.submit(options, function).get();

    assertThat(name).contains("resize");
  }

  /** A task without a name has that of the method in which it is written. */
  @Test
  void threadOfATaskWithoutAName_isNamedAfterItsPlace() {
    RemoteSupplier<String> function = () -> Thread.currentThread().getName();
    manta.submit(function).get();

    String name = manta.submit(function).get();

    assertThat(name).contains("VirtualThreadsTest.threadOfATaskWithoutAName");
  }

  private static <T> List<T> results(List<Future<T>> futures)
      throws InterruptedException, ExecutionException {
    List<T> all = new ArrayList<>();
    for (Future<T> future : futures) {
      all.add(future.get());
    }
    return all;
  }
}
