package dev.manta.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.ObjectRef;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.TaskFailedException;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Gate;
import dev.manta.processes.support.Victim;
import dev.manta.processes.support.WithWorkers;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers that run out of memory or stack. */
class MemoryTest {
  private static final LocalOptions SMALL =
      LocalOptions.local()
          .cpus(1)
          .processes(1)
          .jvmOptions("-Xmx64m", "-XX:MaxMetaspaceSize=48m", "-XX:MaxDirectMemorySize=16m");

  private final Manta manta = Manta.start(SMALL);

  @AfterEach
  void close() {
    manta.close();
    WithWorkers.checkNothingLeft();
  }

  /** What takes memory: static methods, so that nothing is sent. */
  static final class Greedy {
    private static final List<Object> KEPT = new ArrayList<>();

    private Greedy() {}

    static int heap() {
      while (true) {
        KEPT.add(new byte[1 << 20]);
      }
    }

    static int direct() {
      while (true) {
        KEPT.add(ByteBuffer.allocateDirect(1 << 20));
      }
    }

    static int metaspace() throws IllegalAccessException {
      ClassDesc name = ClassDesc.of(Greedy.class.getPackageName(), "Hidden");
      while (true) {
        byte[] bytes = ClassFile.of().build(name, c -> {
          for (int i = 0; i < 200; i++) {
            c.withField("field" + i, ClassDesc.ofDescriptor("I"), 1);
          }
        });
        KEPT.add(MethodHandles.lookup().defineHiddenClass(bytes, false));
      }
    }

    @SuppressWarnings("InfiniteRecursion")
    static int stack(int depth) {
      return stack(depth + 1) + 1;
    }
  }

  private static void assertSaysOutOfMemory(ObjectRef<?> ref, String what) {
    var error = Ends.error(ref, OutcomeUnknownException.class, Reason.WORKER_DIED);
    assertThat(error).hasMessageContaining("memory").hasMessageContaining(what);
  }

  @Test
  void heapIsFull_workerEndsWithTheCause() {
    ObjectRef<Integer> task = manta.submit(Greedy::heap);

    assertSaysOutOfMemory(task, "Java heap space");
    assertThat(Ends.value(manta.submit(() -> 7))).isEqualTo(7);
  }

  @Test
  void heapIsFull_otherCallsOfTheWorkerSaySo() {
    ActorRef<Gate> gate = Gate.closed(manta);
    ObjectRef<Boolean> waiting = gate.call(Gate::pass);
    Gate.awaitReached(gate);

    ObjectRef<Integer> task = manta.submit(Greedy::heap);

    assertSaysOutOfMemory(waiting, "Java heap space");
    assertSaysOutOfMemory(task, "Java heap space");
  }

  @Test
  void metaspaceIsFull_workerEndsWithTheCause() {
    ObjectRef<Integer> task = manta.submit(Greedy::metaspace);

    assertSaysOutOfMemory(task, "Metaspace");
    assertThat(Ends.value(manta.submit(() -> 7))).isEqualTo(7);
  }

  @Test
  void directMemoryIsFull_workerEndsWithTheCause() {
    ObjectRef<Integer> task = manta.submit(Greedy::direct);

    assertSaysOutOfMemory(task, "direct");
    assertThat(Ends.value(manta.submit(() -> 7))).isEqualTo(7);
  }

  @Test
  void stackOverflowsInATask_losesItAlone() {
    long before = Ends.value(manta.submit(() -> ProcessHandle.current().pid()));

    ObjectRef<Integer> task = manta.submit(() -> Greedy.stack(0));

    var error = Ends.error(task, TaskFailedException.class, Reason.APPLICATION);
    assertThat(error).hasCauseInstanceOf(StackOverflowError.class);
    long after = Ends.value(manta.submit(() -> ProcessHandle.current().pid()));
    assertThat(after).isEqualTo(before);
  }

  @Test
  void stackOverflowsInACall_losesItAlone() {
    ActorRef<Gate> gate = Gate.closed(manta);
    ActorRef<Victim> victim = manta.actor(Victim::new);
    ObjectRef<Integer> waiting = victim.call(v -> v.nextAfter(gate));
    Gate.awaitReached(gate);

    ObjectRef<Integer> call = victim.call(v -> Greedy.stack(0));

    var error = Ends.error(call, MantaException.class, Reason.APPLICATION);
    assertThat(error).hasCauseInstanceOf(StackOverflowError.class);
    assertThat(Ends.value(victim.call(Victim::next))).isEqualTo(1);
    Gate.open(gate);
    assertThat(Ends.value(waiting)).isEqualTo(2);
  }
}
