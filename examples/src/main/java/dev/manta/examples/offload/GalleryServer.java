package dev.manta.examples.offload;

import dev.manta.ActorRef;
import dev.manta.examples.support.Reply;
import dev.manta.examples.support.WebServer;

/** The HTTP server in front of the gallery. */
final class GalleryServer {
  private GalleryServer() {}

  static WebServer start(ActorRef<Gallery> gallery) throws Exception {
    return WebServer.start(path -> switch (path) {
      case "/view" -> Reply.ok("view " + gallery.call(Gallery::view).get());
      case "/handler" -> new Reply(200, gallery.call(Gallery::thumbnailInHandler).get());
      case "/offloaded" -> new Reply(200, gallery.call(Gallery::thumbnailOffloaded).get());
      default -> Reply.text(404, "no such page: " + path);
    });
  }
}
