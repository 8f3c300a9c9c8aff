package dev.manta.benchmarks.processes.peers;

import dev.manta.benchmarks.InFlight;
import dev.manta.benchmarks.processes.Seconds;
import dev.manta.benchmarks.processes.peers.NettyEcho.Flush;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Calls over bare Netty and a unix socket, in two styles. With a thread: it hands calls to the
 * event loop and gets a future for each, as a caller of an actor does. Bare: the event loop alone
 * sends the next message when an answer comes, and nothing changes threads.
 */
public final class NettyCalls {
  private static final int CALLS = 50_000;
  private static final int ROUNDTRIPS = 5_000;
  private static final long LIMIT_SECONDS = 30;

  private NettyCalls() {}

  /** Prints rates of pipelined calls, and nanoseconds of round trips. */
  public static void main(String[] args) throws Exception {
    List<String> names = List.of(args);
    for (Flush flush : Flush.values()) {
      String name = flush == Flush.EACH ? "flushing" : "coalescing";
      if (names.contains("pipelined." + name)) {
        Caller caller = new Caller(flush);
        InFlight<CompletableFuture<Integer>> inFlight = new InFlight<>();
        with(flush, caller, channel -> Seconds.printRate("pipelined." + name, CALLS,
            () -> inFlight.run(CALLS, caller::call, CompletableFuture::join)));
      }
      if (names.contains("bare." + name)) {
        Bare bare = new Bare(flush);
        with(flush, bare, channel -> Seconds.printRate("bare." + name, CALLS,
            () -> bare.run(InFlight.CALLS, CALLS)));
      }
    }
    if (names.contains("roundtrip")) {
      Bare bare = new Bare(Flush.EACH);
      with(Flush.EACH, bare, channel -> Seconds.printNanos("roundtrip", ROUNDTRIPS,
          () -> bare.run(1, ROUNDTRIPS)));
    }
  }

  /** What is done with a connection. */
  @FunctionalInterface
  private interface Use {
    void of(Channel channel) throws Exception;
  }

  private static void with(Flush flush, ChannelHandler handler, Use use) throws Exception {
    Path directory = Files.createTempDirectory("netty");
    Path socket = directory.resolve("s");
    var loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (OtherJvm echo = OtherJvm.start(NettyEcho.class, socket.toString(), flush.name())) {
      Channel channel =
          new Bootstrap()
              .group(loop)
              .channel(NioDomainSocketChannel.class)
              .handler(new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel connecting) {
                  connecting.pipeline().addLast(new NettyEcho.Frames(), handler);
                }
              })
              .connect(UnixDomainSocketAddress.of(socket))
              .sync()
              .channel();
      use.of(channel);
      channel.close().sync();
    } finally {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
      Files.deleteIfExists(socket);
      Files.delete(directory);
    }
  }

  /** Takes calls from one thread. */
  private static final class Caller extends ChannelInboundHandlerAdapter {
    private static final int SLOTS = 2 * InFlight.CALLS;

    private final Flush flush;
    private final AtomicReferenceArray<CompletableFuture<Integer>> waiting =
        new AtomicReferenceArray<>(SLOTS);
    private final Queue<Integer> queued = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile ChannelHandlerContext context;
    private int next;

    Caller(Flush flush) {
      this.flush = flush;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
      context = added;
    }

    CompletableFuture<Integer> call() {
      CompletableFuture<Integer> result = new CompletableFuture<>();
      int number = next++ & Integer.MAX_VALUE;
      waiting.lazySet(number % SLOTS, result);
      ChannelHandlerContext to = context;
      if (flush == Flush.EACH) {
        to.writeAndFlush(NettyEcho.frame(to, number), to.voidPromise());
      } else {
        queued.add(number);
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
          to.executor().execute(this::writeQueued);
        }
      }
      return result;
    }

    private void writeQueued() {
      scheduled.set(false);
      ChannelHandlerContext to = context;
      for (Integer number = queued.poll(); number != null; number = queued.poll()) {
        to.write(NettyEcho.frame(to, number), to.voidPromise());
      }
      to.flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
      int number = (Integer) message - 1;
      CompletableFuture<Integer> result = waiting.get(number % SLOTS);
      if (result == null || !result.complete(number)) {
        throw new AssertionError("an answer to no call: " + number);
      }
    }
  }

  /** Sends the next message when an answer comes. */
  private static final class Bare extends ChannelInboundHandlerAdapter {
    private final Flush flush;
    private volatile ChannelHandlerContext context;
    private volatile CompletableFuture<Integer> done = new CompletableFuture<>();
    private int toSend;
    private int toCome;

    Bare(Flush flush) {
      this.flush = flush;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
      context = added;
    }

    /** Returns when that many answers have come, with so many messages in flight. */
    void run(int inFlight, int messages) throws Exception {
      done = new CompletableFuture<>();
      context.executor().execute(() -> {
        toSend = messages - inFlight;
        toCome = messages;
        for (int i = 0; i < inFlight; i++) {
          send(context, i);
        }
        context.flush();
      });
      done.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private void send(ChannelHandlerContext to, int number) {
      if (flush == Flush.EACH) {
        to.writeAndFlush(NettyEcho.frame(to, number), to.voidPromise());
      } else {
        to.write(NettyEcho.frame(to, number), to.voidPromise());
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
      if (toSend > 0) {
        toSend--;
        send(from, (Integer) message);
      }
      if (--toCome == 0) {
        done.complete(0);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
      from.flush();
    }
  }
}
