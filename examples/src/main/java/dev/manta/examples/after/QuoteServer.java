package dev.manta.examples.after;

import dev.manta.examples.support.Reply;
import dev.manta.examples.support.WebServer;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The service: {@code /quote}, {@code /delta}, {@code /portfolio} and {@code /activity}. Each request
 * has a virtual thread.
 */
public final class QuoteServer implements AutoCloseable {
  private final MarketFeed feed;
  private final Quotes quotes;
  private final WebServer web;

  private QuoteServer(int port, URI exchange) throws Exception {
    feed = new MarketFeed(exchange);
    quotes = new Quotes(feed);
    web = WebServer.start(port, this::get);
  }

  /** Arguments: the port, and the address of the exchange. */
  public static void main(String[] args) throws Exception {
    QuoteServer server = start(Integer.parseInt(args[0]), URI.create(args[1]));
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    System.out.println("listening on " + server.uri());
  }

  /** A running service; port 0 is any free one. */
  public static QuoteServer start(int port, URI exchange) throws Exception {
    return new QuoteServer(port, exchange);
  }

  /** Where it listens. */
  public URI uri() {
    return web.uri();
  }

  @Override
  public void close() {
    web.close();
    quotes.close();
    feed.close();
  }

  private Reply get(String pathQuery) {
    try {
      URI uri = URI.create(pathQuery);
      Map<String, String> query = query(uri);
      return switch (uri.getPath()) {
        case "/quote" -> Reply.ok(quotes.quote(Option.of(query)).join().toString());
        case "/delta" -> Reply.ok(money(quotes.delta(Option.of(query)).join()));
        case "/portfolio" -> Reply.ok(money(quotes.value(positions(query)).join()));
        case "/activity" -> Reply.ok(quotes.activity().join());
        default -> Reply.text(404, "no such page: " + uri.getPath());
      };
    } catch (RuntimeException e) {
      return Reply.text(400, rootCause(e).toString());
    }
  }

  private static List<Position> positions(Map<String, String> query) {
    return Position.parse(query.getOrDefault("positions", ""));
  }

  private static String money(double amount) {
    return String.format(Locale.ROOT, "%.4f", amount);
  }

  private static Map<String, String> query(URI uri) {
    Map<String, String> query = new HashMap<>();
    if (uri.getQuery() != null) {
      for (String part : uri.getQuery().split("&")) {
        String[] pair = part.split("=", 2);
        query.put(pair[0], pair.length == 2 ? pair[1] : "");
      }
    }
    return query;
  }

  private static Throwable rootCause(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
