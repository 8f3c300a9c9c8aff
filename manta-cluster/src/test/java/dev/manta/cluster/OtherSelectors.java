package dev.manta.cluster;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;

/** A program that has the JDK take this class, and says what it has taken and whether it shows. */
public final class OtherSelectors extends SelectorProvider {
  /** Prints that. */
  public static void main(String[] args) {
    Selectors.use(OtherSelectors.class.getName().getBytes(StandardCharsets.UTF_8));
    System.out.println(
        SelectorProvider.provider().getClass().getName()
            + " " + System.getProperty("java.nio.channels.spi.SelectorProvider"));
  }

  @Override
  public DatagramChannel openDatagramChannel() {
    throw new UnsupportedOperationException();
  }

  @Override
  public DatagramChannel openDatagramChannel(ProtocolFamily family) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Pipe openPipe() {
    throw new UnsupportedOperationException();
  }

  @Override
  public AbstractSelector openSelector() throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public ServerSocketChannel openServerSocketChannel() {
    throw new UnsupportedOperationException();
  }

  @Override
  public SocketChannel openSocketChannel() {
    throw new UnsupportedOperationException();
  }
}
