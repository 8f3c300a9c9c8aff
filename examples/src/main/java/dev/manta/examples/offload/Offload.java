package dev.manta.examples.offload;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.examples.support.Clients;
import dev.manta.examples.support.Latencies;
import dev.manta.examples.support.ProgressBar;
import dev.manta.examples.support.Table;
import dev.manta.examples.support.WebServer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** The second part of the demo: light requests beside heavy ones on the same loop. */
public final class Offload {
  private static final int HEAVY_CLIENTS = 4;
  private static final int LIGHT_CLIENTS = 16;
  private static final Duration LIGHT_PAUSE = Duration.ofMillis(20);

  private Offload() {}

  /**
   * Returns whether all requests were answered.
   *
   * @param processes how many worker processes there are
   */
  public static boolean run(Manta manta, boolean brief, int processes) throws Exception {
    int thumbnails = brief ? 16 : 48;
    ActorRef<Gallery> gallery = manta.actor(ActorOptions.named("gallery"), Gallery::new);
    try (WebServer server = GalleryServer.start(gallery)) {
      measure(server.uri(), "/handler", thumbnails / 4);
      measure(server.uri(), "/offloaded", thumbnails / 4);
      gallery.call(Gallery::made).get(); // not the warm-up
      Side handler = measure(server.uri(), "/handler", thumbnails);
      Side offloaded = measure(server.uri(), "/offloaded", thumbnails);
      print(thumbnails, handler, offloaded);
      if (processes > 0) {
        printProcesses(gallery);
      }
      return handler.errors() + offloaded.errors() == 0;
    }
  }

  /** What light clients see while others ask for thumbnails. */
  private static Side measure(URI server, String heavyPath, int thumbnails) {
    Clients heavy = new Clients(server.resolve(heavyPath), HEAVY_CLIENTS);
    Clients light = new Clients(server.resolve("/view"), LIGHT_CLIENTS, LIGHT_PAUSE);
    CompletableFuture<Clients.Result> heavyResult =
        CompletableFuture.supplyAsync(() -> heavy.send(thumbnails, ProgressBar.NONE));
    Clients.Result lightResult =
        light.sendWhile(() -> !heavyResult.isDone(), ProgressBar.NONE);
    return new Side(lightResult, heavyResult.join());
  }

  private static void print(int thumbnails, Side handler, Side offloaded) {
    Latencies held = handler.light().latencies();
    Latencies free = offloaded.light().latencies();
    Table.title("Offload: light requests while %d clients get %d thumbnails from the same actor",
        HEAVY_CLIENTS, thumbnails);
    Table.line("", "%16s %28s", "in the handler", "await(manta.submit(...))");
    Table.line("light requests", "%16d %28d", held.count(), free.count());
    Table.line("light p50", "%13.1f ms %25.1f ms", held.millis(50), free.millis(50));
    Table.line("light p99", "%13.1f ms %25.1f ms", held.millis(99), free.millis(99));
    Table.line("thumbnails/s", "%16.1f %28.1f",
        handler.heavy().perSecond(), offloaded.heavy().perSecond());
    Table.line("errors", "%16d %28d", handler.errors(), offloaded.errors());
    Table.line("p99, handler : offloaded", "%.1f to 1", held.millis(99) / free.millis(99));
  }

  private static void printProcesses(ActorRef<Gallery> gallery) {
    int host = gallery.call(Gallery::process).get();
    Map<Integer, Integer> tasks = new TreeMap<>(gallery.call(Gallery::made).get());
    tasks.putIfAbsent(host, 0);
    tasks.forEach((process, count) -> Table.line("process " + process, "%s%d heavy tasks",
        process == host ? "the gallery, " : "", count));
  }

  /** One side of the comparison. */
  private record Side(Clients.Result light, Clients.Result heavy) {
    int errors() {
      return light.errors() + heavy.errors();
    }
  }
}
