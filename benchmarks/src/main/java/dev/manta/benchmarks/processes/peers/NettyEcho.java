package dev.manta.benchmarks.processes.peers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.net.UnixDomainSocketAddress;

/** The process that answers: an event loop behind a unix socket, which adds 1 to each number. */
final class NettyEcho {
  private NettyEcho() {}

  /** When what was written is handed to the kernel. */
  enum Flush {
    /** After each message. */
    EACH,
    /** When what came in together has been answered. */
    TOGETHER
  }

  /** Serves the path and in the way that it is given. */
  public static void main(String[] args) throws Exception {
    Flush flush = Flush.valueOf(args[1]);
    new ServerBootstrap()
        .group(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()))
        .channel(NioServerDomainSocketChannel.class)
        .childHandler(new ChannelInitializer<io.netty.channel.Channel>() {
          @Override
          protected void initChannel(io.netty.channel.Channel channel) {
            channel.pipeline().addLast(new Frames(), new Answers(flush));
          }
        })
        .bind(UnixDomainSocketAddress.of(args[0]))
        .sync();
    OtherJvm.ready("ready");
  }

  /** A frame with a number. */
  static ByteBuf frame(ChannelHandlerContext context, int number) {
    ByteBuf frame = context.alloc().directBuffer(RawCalls.FRAME);
    frame.writeInt(number).writerIndex(RawCalls.FRAME);
    return frame;
  }

  /** Cuts what comes in into frames, and passes their numbers on. */
  static final class Frames extends ChannelInboundHandlerAdapter {
    private final byte[] begun = new byte[RawCalls.FRAME];
    private int length;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      try {
        if (length > 0) {
          int more = Math.min(RawCalls.FRAME - length, bytes.readableBytes());
          bytes.readBytes(begun, length, more);
          length += more;
          if (length == RawCalls.FRAME) {
            length = 0;
            int number = (begun[0] & 255) << 24
                | (begun[1] & 255) << 16
                | (begun[2] & 255) << 8
                | (begun[3] & 255);
            context.fireChannelRead(number);
          }
        }
        while (bytes.readableBytes() >= RawCalls.FRAME) {
          int number = bytes.readInt();
          bytes.skipBytes(RawCalls.FRAME - Integer.BYTES);
          context.fireChannelRead(number);
        }
        if (bytes.isReadable()) {
          length = bytes.readableBytes();
          bytes.readBytes(begun, 0, length);
        }
      } finally {
        bytes.release();
      }
    }
  }

  private static final class Answers extends ChannelInboundHandlerAdapter {
    private final Flush flush;

    Answers(Flush flush) {
      this.flush = flush;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf answer = frame(context, (Integer) message + 1);
      if (flush == Flush.EACH) {
        context.writeAndFlush(answer, context.voidPromise());
      } else {
        context.write(answer, context.voidPromise());
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }
  }
}
