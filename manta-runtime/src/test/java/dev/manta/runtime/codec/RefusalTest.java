package dev.manta.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.manta.engine.NotCopyableException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.lang.ref.WeakReference;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can't be copied is refused, by path and class (DESIGN: "names the class and the variable"). */
class RefusalTest {
  private final Copying copying = new Copying();

  private NotCopyableException refused(Object value) {
    return catchThrowableOfType(NotCopyableException.class, () -> copying.copy(value));
  }

  static Stream<Shape> bound() throws Exception {
    return Stream.of(
        Shape.of("Thread", Thread.currentThread()),
        Shape.of("virtual Thread", Thread.ofVirtual().unstarted(() -> {})),
        Shape.of("ThreadLocal", new ThreadLocal<String>()),
        Shape.of("ClassLoader", RefusalTest.class.getClassLoader()),
        Shape.of("WeakReference", new WeakReference<>("x")),
        Shape.of("ReentrantLock", new ReentrantLock()),
        Shape.of("ReentrantReadWriteLock", new ReentrantReadWriteLock()),
        Shape.of("StampedLock", new StampedLock()),
        Shape.of("Condition", new ReentrantLock().newCondition()),
        Shape.of("Semaphore", new Semaphore(1)),
        Shape.of("CountDownLatch", new CountDownLatch(1)),
        Shape.of("Executor", ForkJoinPool.commonPool()),
        Shape.of("CompletableFuture", new CompletableFuture<>()),
        Shape.of("FutureTask", new FutureTask<>(() -> 1)),
        Shape.of("InputStream", new ByteArrayInputStream(new byte[0])),
        Shape.of("OutputStream", new ByteArrayOutputStream()),
        Shape.of("PrintStream", System.out),
        Shape.of("Reader", new StringReader("")),
        Shape.of("Writer", new StringWriter()),
        Shape.of("Socket", new Socket()),
        Shape.of("ServerSocket", new ServerSocket()),
        Shape.of("Stream", Stream.of(1)),
        Shape.of("Iterator", new ArrayList<>(List.of(1)).iterator()),
        Shape.of("Process", ProcessHandle.current()),
        Shape.of("Timer", new Timer(true)),
        Shape.of("Cleaner", java.lang.ref.Cleaner.create()),
        Shape.of("Method", Object.class.getMethods()[0]));
  }

  /** Alone, its class is named. */
  @ParameterizedTest
  @MethodSource("bound")
  void boundValue_isRefusedByItsClass(Shape shape) {
    NotCopyableException e = refused(shape.value());

    assertThat(e).as(shape.name()).hasMessageContaining(shape.value().getClass().getName());
    assertThat(e.path()).isEmpty();
  }

  /** Deep inside, the path to it is named too. */
  @ParameterizedTest
  @MethodSource("bound")
  void boundValueInsideAnother_isRefusedByItsPath(Shape shape) {
    Object outer = new UserShapes.Generic<>(new UserShapes.Holder("a", shape.value(), "b"), null);

    NotCopyableException e = refused(outer);

    assertThat(e).as(shape.name()).hasMessageContaining(shape.value().getClass().getName());
    assertThat(e.path()).isEqualTo("value.held");
  }

  static final class Service {
    private final Connection connection = new Connection();
  }

  static final class Connection {
    private final Thread reader = Thread.currentThread();
  }

  @Test
  void pathThroughPrivateFields_isNamed() {
    assertThat(refused(new Service()).path()).isEqualTo("connection.reader");
  }

  /** The first part of a path of captured values is the number of the variable. */
  @Test
  void pathOfAnElement_beginsWithItsIndex() {
    assertThat(refused(new Object[]{1, new Service()}).path())
        .isEqualTo("[1].connection.reader");
  }

  @Test
  void elementOfAList_isRefusedByItsClass() {
    NotCopyableException e =
        refused(new UserShapes.Holder("a", new ArrayList<>(List.of(new ReentrantLock())), "b"));

    assertThat(e).hasMessageContaining("ReentrantLock");
    assertThat(e.path()).startsWith("held");
  }

  @Test
  void valueOfAMap_isRefusedByItsClass() {
    Map<String, Object> map = new HashMap<>(Map.of("k", Thread.currentThread()));

    NotCopyableException e = refused(new UserShapes.Holder("a", map, "b"));

    assertThat(e).hasMessageContaining("java.lang.Thread");
    assertThat(e.path()).startsWith("held");
  }

  @Test
  void fieldOfASerializedException_isRefusedByItsClass() {
    class LeakingException extends Exception {
      private static final long serialVersionUID = 1L;
      @SuppressWarnings("serial")
      private final Object leak = new Object[]{new Service()};

      @Override
      public String toString() {
        return "leaks " + leak;
      }
    }

    assertThat(refused(new LeakingException())).hasMessageContaining("not Serializable");
  }

  @Test
  void lambdaThatIsNotSerializable_isRefusedByItsType() {
    Runnable code = () -> {};

    NotCopyableException e = refused(new UserShapes.Holder("a", code, "b"));

    assertThat(e)
        .hasMessageContaining("java.lang.Runnable")
        .hasMessageContaining("not Serializable");
    assertThat(e.path()).isEqualTo("held");
  }

  @Test
  void comparatorThatIsNotSerializable_isRefused() {
    NotCopyableException e = refused(new java.util.TreeSet<Object>((a, b) -> 0));

    assertThat(e).hasMessageContaining("java.util.Comparator");
  }

  /** A refusal leaves nothing behind for the next value. */
  @Test
  void afterARefusal_theNextValueIsCopied() {
    assertThat(refused(new Service())).isNotNull();

    assertThat(copying.copy(List.of(1, "a"))).isEqualTo(List.of(1, "a"));
  }

  @Test
  void refusalByTheBoundary_namesThePath() {
    KryoCodec codec = new KryoCodec();
    var live =
        new dev.manta.engine.Boundary() {
          @Override
          public boolean isHandle(Object object) {
            return false;
          }

          @Override
          public String refusal(Object object) {
            return object instanceof Connection ? "that is a live actor" : null;
          }

          @Override
          public Object onDecode(Object handle) {
            return handle;
          }
        };

    NotCopyableException e =
        catchThrowableOfType(
            NotCopyableException.class, () -> codec.encode(new Service(), live));

    assertThat(e).hasMessage("that is a live actor");
    assertThat(e.path()).isEqualTo("connection");
  }
}
