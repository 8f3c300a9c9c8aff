package dev.manta.cluster.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Takes the connections that other processes open. Those that have not yet said who they are, are few:
 * while there are as many as may be, no more are taken. All on one loop.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
  /** How many connections may be undecided. */
  static final int MAX_UNDECIDED = 64;

  /** After the system has refused a connection, for want of descriptors perhaps. */
  private static final long RETRY_MS = 1_000;

  private final NettyTransport transport;
  private final IoLoop loop;
  private final Channel server;
  private int undecided;

  Acceptor(NettyTransport transport, IoLoop loop, Channel server) {
    this.transport = transport;
    this.loop = loop;
    this.server = server;
  }

  IoLoop loop() {
    return loop;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Inbound.open(transport, this, (Channel) message);
  }

  /** There is one more undecided connection. */
  void began() {
    undecided++;
    if (undecided == MAX_UNDECIDED) {
      server.config().setAutoRead(false);
    }
  }

  /** A connection is decided. */
  void ended() {
    undecided--;
    if (undecided == MAX_UNDECIDED - 1) {
      server.config().setAutoRead(true);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    transport.report("A connection could not be accepted", cause);
    server.config().setAutoRead(false);
    loop.schedule(
        RETRY_MS,
        () -> server.config().setAutoRead(undecided < MAX_UNDECIDED));
  }
}
