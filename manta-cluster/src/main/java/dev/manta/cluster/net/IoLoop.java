package dev.manta.cluster.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * A thread that reads and writes for some of the peers, and the buffers that they share: what channels are
 * ready for first, then the actions that it was given, then the timers, in each turn.
 */
final class IoLoop {
  private static final int BUFFER_BYTES = 64 << 10;

  /** After so many actions, channels have their turn. */
  private static final int ACTIONS_IN_A_ROW = 1_024;

  private final Selector selector;
  private final Thread thread;
  private final ActionQueue actions;

  /** What follows is the thread's. */
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();

  private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
  private long timersSoFar;
  private boolean closing;

  /** What a channel is registered with. */
  interface Handler {
    /** The channel is ready for something that its key asks for. On the thread. */
    void ready(SelectionKey key);

    /** That has thrown. On the thread. */
    void failed(Throwable cause);
  }

  private record Timer(long atNs, long number, Runnable action) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      long later = atNs - other.atNs; // may overflow, as the times do
      return later == 0 ? Long.compare(number, other.number) : Long.signum(later);
    }
  }

  /** Starts the thread. */
  IoLoop(int number) {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no selector for sockets", e);
    }
    actions = new ActionQueue(selector::wakeup);
    thread =
        Thread.ofPlatform()
            .name("manta-io-" + number)
            .daemon()
            .inheritInheritableThreadLocals(false)
            .start(this::run);
  }

  /** A buffer to write from, empty. Only on the thread. */
  ByteBuffer takeChunk() {
    ByteBuffer chunk = free.poll();
    return chunk == null ? ByteBuffer.allocateDirect(BUFFER_BYTES) : chunk.clear();
  }

  /** Gives a buffer back that nobody reads any more. Only on the thread. */
  void giveBack(ByteBuffer chunk) {
    free.push(chunk);
  }

  /** The buffer for what is read next, empty: until then it may be used. Only on the thread. */
  ByteBuffer readBuffer() {
    return readBuffer.clear();
  }

  /**
   * Has the thread serve a channel, which is closed if this loop is. Only on the thread.
   *
   * @throws IOException if it can't be served
   */
  SelectionKey register(SelectableChannel channel, int operations, Handler handler)
      throws IOException {
    try {
      channel.configureBlocking(false);
      return channel.register(selector, operations, handler);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e instanceof IOException io ? io : new IOException(e);
    }
  }

  /** Whether this is the caller's thread. */
  boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  /**
   * Runs an action on the thread: after what is being read now, if this is that thread.
   *
   * @return false after {@link #close}: the action is dropped
   */
  boolean execute(Runnable action) {
    return actions.add(action);
  }

  /** Runs an action on the thread, later; never after {@link #close}. */
  void schedule(long delayMs, Runnable action) {
    long atNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMs);
    if (isCurrent()) {
      timers.add(new Timer(atNs, timersSoFar++, action));
    } else {
      execute(() -> timers.add(new Timer(atNs, timersSoFar++, action)));
    }
  }

  /** Closes all channels and ends the thread after the actions that it has. */
  void close() {
    execute(() -> closing = true);
  }

  /** Waits until the thread has ended. Not on a loop's thread. */
  void awaitEnd(long timeoutMs) {
    boolean interrupted = false;
    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    for (long leftNs; (leftNs = endNs - System.nanoTime()) > 0;) {
      try {
        boolean _ = thread.join(Duration.ofNanos(leftNs));
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closing) {
        select();
        runActions();
        runTimers();
      }
    } catch (Throwable e) {
      SocketTransport.report("Sockets are not served any more", e);
    } finally {
      end();
    }
  }

  private void select() throws IOException {
    long waitMs = nextTimerMs();
    if (waitMs == 0 || !actions.mayWait()) {
      selector.selectNow(this::handle);
    } else {
      selector.select(this::handle, waitMs < 0 ? 0 : waitMs);
      actions.goesOn();
    }
  }

  private void handle(SelectionKey key) {
    actions.goesOn();
    if (!key.isValid()) {
      return; // closed in this turn
    }
    Handler handler = (Handler) key.attachment();
    try {
      handler.ready(key);
    } catch (Throwable e) {
      SocketTransport.report("A socket failed", e);
      handler.failed(e);
    }
  }

  private void runActions() {
    for (int i = 0; i < ACTIONS_IN_A_ROW; i++) {
      Runnable action = actions.poll();
      if (action == null) {
        return;
      }
      run(action);
    }
  }

  private void runTimers() {
    for (Timer next; (next = timers.peek()) != null && next.atNs - System.nanoTime() <= 0;) {
      timers.remove();
      run(next.action);
    }
  }

  private static void run(Runnable action) {
    try {
      action.run();
    } catch (Throwable e) {
      SocketTransport.report("A socket's action failed", e);
    }
  }

  /** 0 if one is due, less if there is none. */
  private long nextTimerMs() {
    Timer next = timers.peek();
    if (next == null) {
      return -1;
    }
    long ns = next.atNs - System.nanoTime();
    return ns <= 0 ? 0 : Math.ceilDiv(ns, 1_000_000L);
  }

  private void end() {
    actions.close();
    for (Runnable action; (action = actions.poll()) != null;) {
      run(action);
    }
    List.copyOf(selector.keys()).forEach(key -> closeQuietly(key.channel()));
    try {
      selector.close();
    } catch (IOException e) {
      // what it had open is closed
    }
  }

  /** Closes a channel, which is gone also if that fails. */
  static void closeQuietly(Channel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }
}
