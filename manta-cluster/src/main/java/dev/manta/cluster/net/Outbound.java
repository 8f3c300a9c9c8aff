package dev.manta.cluster.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The connection that this process opens to a peer. What comes on it is at most the peer's version of
 * the protocol, if that is another one.
 */
final class Outbound extends ChannelInboundHandlerAdapter {
  private final Peer peer;
  private final SocketChannel socket;
  private final ByteBuf answer = Unpooled.buffer(Integer.BYTES, Integer.BYTES);
  private @Nullable String why;

  private Outbound(Peer peer, SocketChannel socket) {
    this.peer = peer;
    this.socket = socket;
  }

  /** Opens the connection; the peer is told when it is there, and when it is lost or can't be had. */
  static void open(Peer peer, NettyTransport transport) {
    SocketChannel socket;
    try {
      socket = SocketDirectory.newSocket();
    } catch (IOException e) {
      peer.outboundLost("cannot be reached: " + e.getMessage());
      return;
    }
    Channel channel = SocketDirectory.channel(socket);
    Outbound outbound = new Outbound(peer, socket);
    // a write that fails leaves what the peer has sent, which says why, to be read
    channel.config().setAutoClose(false);
    IoLoop.readInto(channel, () -> outbound.answer);
    channel.pipeline().addLast(outbound);
    var _ =
        peer.loop()
            .register(channel)
            .addListener(registered -> {
              if (registered.isSuccess()) {
                var _ =
                    channel.connect(transport.sockets().address(peer.number()))
                        .addListener(connected -> {
                          if (!connected.isSuccess()) {
                            outbound.fail(channel, connected.cause());
                          }
                        });
              } else {
                outbound.fail(channel, registered.cause());
              }
            });
  }

  private void fail(Channel channel, Throwable cause) {
    peer.outboundLost("cannot be reached: " + cause.getMessage());
    var _ = channel.close();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    peer.connected(context.channel(), socket);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    answer.release();
    if (!answer.isWritable()) {
      why = Handshake.mismatch(answer.getInt(0));
      var _ = context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (why == null) {
      why = "broke the connection: " + cause.getMessage();
    }
    var _ = context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    peer.outboundLost(why == null ? "closed the connection" : why);
  }
}
