package dev.manta.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IoLoopTest {
  private static final long LIMIT_MS = 30_000;

  private final IoLoop loop = new IoLoop(9);

  @AfterEach
  void end() {
    loop.close();
    loop.awaitEnd(LIMIT_MS);
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(LIMIT_MS, TimeUnit.MILLISECONDS);
  }

  @Test
  void handlerThatThrows_isTold_andTheLoopGoesOn() throws Exception {
    Pipe pipe = Pipe.open();
    var failed = new CompletableFuture<Throwable>();
    loop.execute(() -> {
      try {
        loop.register(pipe.source(), SelectionKey.OP_READ, new IoLoop.Handler() {
          @Override
          public void ready(SelectionKey key) {
            throw new OutOfMemoryError("of the test");
          }

          @Override
          public void failed(Throwable cause) {
            IoLoop.closeQuietly(pipe.source());
            failed.complete(cause);
          }
        });
      } catch (java.io.IOException e) {
        failed.completeExceptionally(e);
      }
    });

    pipe.sink().write(ByteBuffer.allocate(1));

    assertThat(get(failed)).hasMessage("of the test");
    var ran = new CompletableFuture<Boolean>();
    loop.execute(() -> ran.complete(loop.isCurrent()));
    assertThat(get(ran)).isTrue();
    pipe.sink().close();
  }

  @Test
  void actionThatThrows_endsNoOther() throws Exception {
    var ran = new CompletableFuture<Boolean>();
    loop.execute(() -> {
      throw new IllegalStateException("of the test");
    });
    loop.schedule(1, () -> {
      throw new IllegalStateException("of the test");
    });
    loop.schedule(2, () -> ran.complete(true));

    assertThat(get(ran)).isTrue();
  }

  @Test
  void timers_runInTheOrderOfTheirTimes_alsoOfOneTime() throws Exception {
    List<Integer> order = new CopyOnWriteArrayList<>();
    var all = new CountDownLatch(4);
    loop.execute(() -> {
      for (int number : new int[]{40, 10, 20, 10}) {
        loop.schedule(number, () -> {
          order.add(number);
          all.countDown();
        });
      }
    });

    assertThat(all.await(LIMIT_MS, TimeUnit.MILLISECONDS)).isTrue();
    assertThat(order).containsExactly(10, 10, 20, 40);
  }

  /** Each action has the next one run: a selector that waited for channels would keep them all. */
  @Test
  void actionsOfActions_doNotWaitForChannels() throws Exception {
    var last = new CompletableFuture<Integer>();
    loop.execute(() -> again(10_000, last));

    assertThat(get(last)).isZero();
  }

  private void again(int left, CompletableFuture<Integer> last) {
    if (left == 0) {
      last.complete(0);
    } else {
      loop.execute(() -> again(left - 1, last));
    }
  }

  @Test
  void closedLoop_runsWhatItHas_andRefusesTheRest() throws Exception {
    var held = new CountDownLatch(1);
    loop.execute(() -> {
      try {
        held.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    var before = new CompletableFuture<Boolean>();
    loop.close();
    assertThat(loop.execute(() -> before.complete(true))).isTrue();
    held.countDown();

    assertThat(get(before)).isTrue();
    loop.awaitEnd(LIMIT_MS);
    assertThat(loop.execute(() -> {})).isFalse();
  }
}
