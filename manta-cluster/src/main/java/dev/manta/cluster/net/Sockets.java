package dev.manta.cluster.net;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** What depends on the kind of socket: where processes listen, and with what. Any thread. */
interface Sockets {
  /** So many connections may wait to be accepted: more than there are processes. */
  int BACKLOG = 1_024;

  /** Where a process is to listen. */
  SocketAddress own(int self);

  /** Listens for a process; nobody else has access whom the kind of socket can keep out. */
  ServerSocketChannel listen(int self) throws IOException;

  /** Removes what is left of a socket that is closed. */
  void remove(int self) throws IOException;

  /**
   * Where a peer listens.
   *
   * @throws IOException if that is not known, or may not be used; it says why
   */
  SocketAddress address(int peer) throws IOException;

  /** A socket that can connect to an address. */
  SocketChannel newSocket() throws IOException;
}
