package dev.manta.cluster.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connection that another process opened. It belongs to the acceptor's loop until that process has
 * said who it is, and takes no more than its handshake; then to the loop of that peer.
 */
final class Inbound extends ChannelInboundHandlerAdapter {
  private static final long HANDSHAKE_TIMEOUT_MS = 5_000;

  private final NettyTransport transport;
  private final Acceptor acceptor;
  private final Channel channel;
  private final ByteBuf handshake = Unpooled.buffer(Handshake.BYTES, Handshake.BYTES);
  private final FrameDecoder decoder = new FrameDecoder(this::frame);

  /** Who is at the other end; null until it is known. */
  private @Nullable Peer peer;

  private boolean isDecided;
  private @Nullable String why;

  private Inbound(NettyTransport transport, Acceptor acceptor, Channel channel) {
    this.transport = transport;
    this.acceptor = acceptor;
    this.channel = channel;
  }

  /** Takes a new connection. On the acceptor's loop. */
  static void open(NettyTransport transport, Acceptor acceptor, Channel channel) {
    Inbound inbound = new Inbound(transport, acceptor, channel);
    channel.config().setAutoRead(false);
    IoLoop.readInto(channel, inbound::buffer);
    channel.pipeline().addLast(inbound);
    acceptor.began();
    var _ =
        acceptor.loop()
            .register(channel)
            .addListener(registered -> {
              if (!registered.isSuccess()) {
                inbound.decided();
              }
            });
    acceptor.loop().schedule(HANDSHAKE_TIMEOUT_MS, inbound::expire);
  }

  private void expire() {
    if (!isDecided) {
      var _ = channel.close();
    }
  }

  /** It is known who this is, or it is closed; the next connection may come. */
  private void decided() {
    if (!isDecided) {
      isDecided = true;
      acceptor.ended();
    }
  }

  private ByteBuf buffer() {
    return peer == null ? handshake : peer.loop().readBuffer();
  }

  private void frame(ByteBuffer frame) {
    if (peer != null) {
      peer.received(frame);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    Peer from = peer;
    try {
      if (from == null) {
        greet(context);
      } else {
        from.heard();
        decoder.decode(bytes.nioBuffer());
      }
    } catch (FrameException e) {
      lose(from, e.why());
    } catch (Throwable e) {
      transport.report("A frame of worker " + (from == null ? "?" : from.number()) + " failed", e);
      lose(from, "sent a frame that this process could not take: " + e);
    } finally {
      bytes.release();
    }
  }

  private void lose(@Nullable Peer from, String reason) {
    if (from == null) {
      var _ = channel.close();
    } else {
      from.lose(reason);
    }
  }

  /** Looks at the handshake, once it is there. */
  private void greet(ChannelHandlerContext context) {
    if (handshake.isWritable()) {
      context.read();
      return;
    }
    Handshake theirs = Handshake.decode(handshake.array(), transport.secret());
    Peer from = theirs == null ? null : transport.peer(theirs.number());
    if (theirs == null || from == null) {
      var _ = context.close();
      return;
    }
    if (theirs.version() != Handshake.VERSION) {
      from.loop().execute(() -> from.lose(Handshake.mismatch(theirs.version())));
      ByteBuf ours = Unpooled.directBuffer(Integer.BYTES).writeInt(Handshake.VERSION);
      var _ = context.writeAndFlush(ours).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    decided();
    if (from.loop() == acceptor.loop()) {
      start(from);
    } else {
      var _ = channel.deregister().addListener(_ -> move(from));
    }
  }

  /** Goes on on the peer's loop. */
  private void move(Peer from) {
    // registered on that thread, because Netty logs an error where a loop that ends refuses a channel
    Runnable register = () -> {
      var _ = from.loop().register(channel).addListener(_ -> start(from));
    };
    if (!from.loop().execute(register)) {
      var _ = channel.close();
    }
  }

  /** Begins to read frames. On the peer's loop. */
  private void start(Peer from) {
    if (!from.accept(channel)) {
      var _ = channel.close();
      return;
    }
    peer = from;
    channel.config().setAutoRead(true);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    why = "broke the connection: " + cause.getMessage();
    var _ = context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (peer == null) {
      decided();
    } else if (why != null) {
      peer.inboundLost(why);
    } else {
      peer.inboundLost(
          decoder.isInFrame()
              ? "closed the connection in the middle of a frame"
              : "closed the connection");
    }
  }
}
