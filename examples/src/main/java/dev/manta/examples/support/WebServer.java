package dev.manta.examples.support;

import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/** A real HTTP server (Jetty) on the loopback address; each request has a virtual thread. */
public final class WebServer implements AutoCloseable {
  /** Answers requests. Called by many threads at once; may block. */
  @FunctionalInterface
  public interface Site {
    /**
     * The answer to a GET.
     *
     * @param path the path with the query, as in {@code /photo?width=320}
     * @throws Exception answered as a 500 with the exception's text
     */
    Reply get(String path) throws Exception;
  }

  private final Server jetty = new Server(new VirtualThreadPool(0));
  private final ServerConnector connector = new ServerConnector(jetty);

  private WebServer(Site site) {
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    connector.setAcceptQueueSize(4096);
    jetty.addConnector(connector);
    jetty.setHandler(new Handler.Abstract() {
      @Override
      public boolean handle(Request request, Response response, Callback callback) {
        Reply reply = answer(site, request.getHttpURI().getPathQuery());
        response.setStatus(reply.status());
        response.write(true, ByteBuffer.wrap(reply.body()), callback);
        return true;
      }
    });
  }

  /** A running server on a free port. */
  public static WebServer start(Site site) throws Exception {
    return start(0, site);
  }

  /** A running server on a port. */
  public static WebServer start(int port, Site site) throws Exception {
    WebServer server = new WebServer(site);
    server.connector.setPort(port);
    server.jetty.start();
    return server;
  }

  /** Where it listens, as in {@code http://127.0.0.1:40123}. */
  public URI uri() {
    return URI.create("http://" + connector.getHost() + ":" + connector.getLocalPort());
  }

  @Override
  public void close() {
    LifeCycle.stop(jetty);
  }

  private static Reply answer(Site site, String path) {
    try {
      return site.get(path);
    } catch (Exception e) {
      return Reply.text(500, String.valueOf(e));
    }
  }
}
