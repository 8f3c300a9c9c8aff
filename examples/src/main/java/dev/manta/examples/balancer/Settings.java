package dev.manta.examples.balancer;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks of the demo.
 *
 * @param processes how many worker processes run the actors and tasks; 0 for this process alone
 * @param kill whether the load balancer's process is killed in the middle
 * @param requests how many the clients send
 * @param clients how many send at once
 * @param maxConcurrency the most calls inside the load balancer at once
 * @param backends the user's own servers; empty for the demo's
 * @param brief whether both parts are cut short
 */
record Settings(
    int processes,
    boolean kill,
    int requests,
    int clients,
    int maxConcurrency,
    List<String> backends,
    boolean brief) {

  /**
   * Reads system properties.
   *
   * @throws IllegalArgumentException if one has a bad value; the message is one sentence for the user
   */
  static Settings of(Properties properties) {
    boolean brief = flag(properties, "short");
    boolean kill = flag(properties, "kill");
    int processes = number(properties, "processes", 0, 0, 100);
    if (kill && processes == 0) {
      throw new IllegalArgumentException(
          "-Dkill kills a worker process, and there is none: add -Dprocesses=4, for example.");
    }
    return new Settings(
        processes,
        kill,
        number(properties, "requests", brief ? 2_000 : 20_000, 1, 10_000_000),
        number(properties, "clients", 500, 1, 10_000),
        number(properties, "maxConcurrency", 1_000, 1, 1_000_000),
        servers(properties.getProperty("backends")),
        brief);
  }

  private static int number(
      Properties properties, String name, int preset, int least, int most) {
    String text = properties.getProperty(name, String.valueOf(preset)).strip();
    if (text.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new IllegalArgumentException(String.format(
        "-D%s must be a whole number from %d to %d, not \"%s\".", name, least, most, text));
  }

  private static boolean flag(Properties properties, String name) {
    return switch (properties.getProperty(name, "false")) {
      case "", "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(String.format(
          "-D%s must be true or false, not \"%s\".", name, properties.getProperty(name)));
    };
  }

  private static List<String> servers(@Nullable String text) {
    return text == null
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(Settings::server).toList();
  }

  private static String server(String text) {
    try {
      URI uri = new URI(text.strip().replaceAll("/+$", ""));
      if (List.of("http", "https").contains(String.valueOf(uri.getScheme()))
          && uri.getHost() != null
          && uri.getPort() != 0 && uri.getPort() <= 65_535
          && uri.getQuery() == null && uri.getFragment() == null) {
        return uri.toString();
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new IllegalArgumentException(String.format(
        "-Dbackends must be a list such as http://127.0.0.1:8080,http://127.0.0.1:8081,"
            + " and \"%s\" is no address of an HTTP server.",
        text));
  }
}
