package dev.manta.cluster.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A thread that reads and writes for some of the peers, and the buffers that they share. */
final class IoLoop {
  /*
   * The buffers are the JDK's and live as long as they are of use. Netty's allocators free memory on
   * Java 25 by closing shared arenas, each of which stops all threads for a moment.
   */
  private static final int BUFFER_BYTES = 64 << 10;

  /** After so many full buffers of one connection the others have their turn. */
  private static final int READS_IN_A_ROW = 4;

  private final EventLoop loop;
  private final ByteBuf readBuffer =
      Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(BUFFER_BYTES));
  private final ArrayDeque<Chunk> free = new ArrayDeque<>();

  IoLoop(int number) {
    loop =
        new SingleThreadIoEventLoop(
            null,
            runnable -> {
              Thread thread = new FastThreadLocalThread(null, runnable, "manta-io-" + number);
              thread.setDaemon(true);
              return thread;
            },
            NioIoHandler.newFactory());
  }

  /** A buffer to write from: Netty's, and the same memory as the JDK's. */
  record Chunk(ByteBuf netty, ByteBuffer memory) {
    /** The bytes from its beginning to the memory's position; the reader releases it once. */
    ByteBuf filled() {
      return netty.setIndex(0, memory.position()).retain();
    }
  }

  /** A buffer of 64 KiB, empty. Only on the thread. */
  Chunk takeChunk() {
    Chunk chunk = free.poll();
    if (chunk == null) {
      ByteBuffer memory = ByteBuffer.allocateDirect(BUFFER_BYTES);
      return new Chunk(Unpooled.wrappedBuffer(memory.duplicate()), memory);
    }
    chunk.memory.clear();
    return chunk;
  }

  /** Gives a buffer back that nobody reads any more. Only on the thread. */
  void giveBack(Chunk chunk) {
    free.push(chunk);
  }

  /** The buffer for what is read next: until then it may be used. Only on the thread. */
  ByteBuf readBuffer() {
    return readBuffer.clear();
  }

  /** Makes this thread the one that serves a channel. */
  ChannelFuture register(Channel channel) {
    return loop.register(channel);
  }

  /** Whether this is the caller's thread. */
  boolean isCurrent() {
    return loop.inEventLoop();
  }

  /**
   * Runs an action on the thread: after what is being read now, if this is that thread.
   *
   * @return false after {@link #close}: the action is dropped
   */
  boolean execute(Runnable action) {
    try {
      loop.execute(action);
      return true;
    } catch (RejectedExecutionException e) {
      // there are no connections left for it
      return false;
    }
  }

  /** Runs an action on the thread, later. */
  void schedule(long delayMs, Runnable action) {
    try {
      var _ = loop.schedule(action, delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // closed: there are no connections left for it
    }
  }

  /** Closes all channels and ends the thread after the actions that it has. */
  void close() {
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** Waits until the thread has ended. Not on a loop's thread. */
  void awaitEnd(long timeoutMs) {
    var _ = loop.terminationFuture().awaitUninterruptibly(timeoutMs);
  }

  /** Has a channel read into the given buffers, each of which is released once. */
  static void readInto(Channel channel, Supplier<ByteBuf> buffers) {
    channel.config().setRecvByteBufAllocator(new ReadBuffers(buffers));
  }

  private static final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
    private final Supplier<ByteBuf> buffers;

    ReadBuffers(Supplier<ByteBuf> buffers) {
      super(READS_IN_A_ROW);
      this.buffers = buffers;
    }

    @Override
    @SuppressWarnings("deprecation") // the type that Netty asks for
    public RecvByteBufAllocator.Handle newHandle() {
      return new MaxMessageHandle() {
        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
          return buffers.get().retain();
        }

        @Override
        public int guess() {
          return BUFFER_BYTES;
        }
      };
    }
  }
}
