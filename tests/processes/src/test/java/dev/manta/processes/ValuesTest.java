package dev.manta.processes;

import static org.assertj.core.api.Assertions.assertThat;
import dev.manta.ActorRef;
import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.MantaException;
import dev.manta.ObjectRef;
import dev.manta.TaskFailedException;
import dev.manta.processes.support.Ends;
import dev.manta.processes.support.Limits;
import dev.manta.processes.support.WithWorkers;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large values and errors that go from process to process. */
class ValuesTest {
  private static final int MIB = 1 << 20;

  @RegisterExtension
  static final WithWorkers WORKERS =
      WithWorkers.kept(LocalOptions.local().cpus(2).processes(2).jvmOptions("-Xmx512m"));

  private Manta manta;

  @BeforeEach
  void take(Manta given) {
    manta = given;
  }

  /** Takes and gives bytes. */
  static final class Store {
    private byte[] kept = new byte[0];

    int keep(byte[] bytes) {
      kept = bytes;
      return Arrays.hashCode(bytes);
    }

    byte[] give() {
      return kept;
    }

    int takeFrom(ActorRef<Store> other) {
      kept = other.call(Store::give).get();
      return Arrays.hashCode(kept);
    }

    boolean throwUnknown() throws Exception {
      throw unknown();
    }

    boolean throwFat() {
      throw new Fat(new Object());
    }
  }

  /** Can't be sent: what it holds is a thread. */
  static final class Fat extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Object lock;
    private final Thread thread = Thread.currentThread();

    Fat(Object lock) {
      super("it holds " + Thread.class);
      this.lock = lock;
    }

    @Override
    public String toString() {
      return super.toString() + (lock == null ? "" : "!") + thread.isAlive();
    }
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100 * 1024, 100 * 1024 + 1, MIB, 40 * MIB})
  void bytes_goBothWays_andBetweenWorkers(int size) {
    byte[] sent = bytes(size);
    ActorRef<Store> first = manta.actor(Store::new);
    ActorRef<Store> second = manta.actor(Store::new);

    assertThat(Ends.intOf(first.call(s -> s.keep(sent)))).isEqualTo(Arrays.hashCode(sent));
    assertThat(Ends.intOf(second.call(s -> s.takeFrom(first)))).isEqualTo(Arrays.hashCode(sent));
    assertThat(Ends.value(second.call(Store::give))).isEqualTo(sent);
  }

  @Test
  void putValue_isReadByTasksOfAllWorkers() {
    byte[] sent = bytes(10 * MIB);
    ObjectRef<byte[]> put = manta.put(sent);

    for (int i = 0; i < 4; i++) {
      assertThat(Ends.value(manta.submit(() -> Arrays.hashCode(put.get()))))
          .isEqualTo(Arrays.hashCode(sent));
    }
  }

  /** More than a frame takes: through shared memory. */
  @Test
  void argumentBeyondAFrame_passes() {
    ActorRef<Store> store = manta.actor(Store::new);
    byte[] sent = bytes(70 * MIB);

    ObjectRef<Integer> call = store.call(s -> s.keep(sent));

    assertThat(Ends.intOf(call)).isEqualTo(Arrays.hashCode(sent));
  }

  @Test
  void resultBeyondAFrame_passes() {
    ActorRef<Store> store = manta.actor(Store::new);

    ObjectRef<byte[]> call = store.call(s -> new byte[70 * MIB]);

    assertThat(Ends.value(call)).hasSize(70 * MIB);
  }

  @Test
  void elementBeyondAFrame_passes() {
    ActorRef<Store> store = manta.actor(Store::new);
    var stream = store.stream(s -> Stream.of(new byte[1], new byte[70 * MIB])).iterator();
    assertThat(stream.next()).hasSize(1);

    CompletableFuture<byte[]> next = CompletableFuture.supplyAsync(stream::next);

    assertThat(next)
        .succeedsWithin(Limits.TOLERANCE)
        .satisfies(value -> assertThat(value).hasSize(70 * MIB));
  }

  @Test
  void manyLargeValuesAtOnce() {
    ActorRef<Store> store = manta.actor(Store::new);
    byte[] sent = bytes(2 * MIB);
    ObjectRef<?>[] calls = new ObjectRef<?>[40];
    for (int i = 0; i < calls.length; i++) {
      calls[i] = store.call(s -> s.keep(sent));
    }

    for (ObjectRef<?> call : calls) {
      assertThat(Ends.value(call)).isEqualTo(Arrays.hashCode(sent));
    }
  }

  /** R1: the class is in a loader of the worker alone. */
  @Test
  void exceptionWhoseClassIsUnknownHere_isDescribed() {
    ActorRef<Store> store = manta.actor(Store::new);

    var error = Ends.error(store.call(Store::throwUnknown), TaskFailedException.class);

    assertThat(error).hasStackTraceContaining("gone.Unknown").hasStackTraceContaining("gone away");
    assertThat(error.getCause().getStackTrace()).isNotEmpty();
    assertThat(Ends.intOf(store.call(s -> s.keep(new byte[1])))).isEqualTo(31);
  }

  @Test
  void resultWhoseClassIsUnknownHere_isAnErrorThatNamesIt() {
    ObjectRef<Exception> task = manta.submit(ValuesTest::unknown);

    assertThat(Ends.error(task, RuntimeException.class)).hasStackTraceContaining("gone.Unknown");
    assertThat(Ends.value(manta.submit(() -> 7))).isEqualTo(7);
  }

  @Test
  void argumentWhoseClassIsUnknownThere_isAnErrorThatNamesIt() throws Exception {
    Exception argument = unknown();
    ActorRef<Store> store = manta.actor(Store::new);

    ObjectRef<Integer> call = store.call(s -> s.keep(new byte[argument.hashCode() & 1]));

    assertThat(Ends.error(call, RuntimeException.class)).hasStackTraceContaining("gone.Unknown");
    assertThat(Ends.intOf(store.call(s -> s.keep(new byte[1])))).isEqualTo(31);
  }

  /** L8. */
  @Test
  void constructorThatThrows_failsEveryCallWithItsError() {
    ActorRef<Store> store = manta.actor(ValuesTest::failing);

    for (int i = 0; i < 3; i++) {
      assertThat(Ends.error(store.call(Store::give), MantaException.class))
          .hasRootCauseInstanceOf(IllegalStateException.class)
          .hasRootCauseMessage("not built");
    }
  }

  private static Store failing() {
    throw new IllegalStateException("not built");
  }

  /** R1. */
  @Test
  void exceptionThatCantBeSent_isDescribed() {
    ActorRef<Store> store = manta.actor(Store::new);

    var error = Ends.error(store.call(Store::throwFat), TaskFailedException.class);

    assertThat(error).hasStackTraceContaining(Fat.class.getName())
        .hasStackTraceContaining("it holds class java.lang.Thread")
        .hasStackTraceContaining("throwFat");
  }

  /** R1. */
  @Test
  void exceptionOfATaskInsideATask_keepsItsRootCause() {
    ObjectRef<Integer> task =
        manta.submit(() -> {
          ObjectRef<Integer> inner =
              Manta.current().submit(() -> {
                throw new java.io.IOException("the root of it");
              });
          return inner.get();
        });

    var error = Ends.error(task, TaskFailedException.class);

    assertThat(error).hasRootCauseInstanceOf(java.io.IOException.class)
        .hasRootCauseMessage("the root of it");
  }

  @Test
  void resultThatCantBeSent_isAnErrorThatNamesItsClass() {
    ObjectRef<Object> task = manta.submit(Thread::currentThread);

    assertThat(Ends.error(task, MantaException.class)).hasStackTraceContaining("Thread");
  }

  /** An exception of a class that nobody else can load. */
  private static Exception unknown() throws Exception {
    ClassDesc name = ClassDesc.of("gone.Unknown");
    ClassDesc parent = ClassDesc.of("java.lang.Exception");
    MethodTypeDesc type = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);
    byte[] bytes = ClassFile.of()
        .build(name, c -> c
            .withFlags(ClassFile.ACC_PUBLIC)
            .withSuperclass(parent)
            .withMethodBody("<init>", type, ClassFile.ACC_PUBLIC, code -> code
                .aload(0)
                .aload(1)
                .invokespecial(parent, "<init>", type)
                .return_()));
    ClassLoader loader = new ClassLoader(ValuesTest.class.getClassLoader()) {
      @Override
      protected Class<?> findClass(String wanted) throws ClassNotFoundException {
        if (!wanted.equals("gone.Unknown")) {
          throw new ClassNotFoundException(wanted);
        }
        return defineClass(wanted, bytes, 0, bytes.length);
      }
    };
    return (Exception) loader.loadClass("gone.Unknown")
        .getConstructor(String.class)
        .newInstance("gone away");
  }
}
