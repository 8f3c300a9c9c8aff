package dev.manta.examples.offload;

import dev.manta.Manta;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** An async actor with a photo. Light and heavy requests share its loop. */
final class Gallery {
  private static final int THUMBNAIL_WIDTH = 320;

  private final byte[] photo;
  private int views;
  private Map<Integer, Integer> made = new TreeMap<>();

  Gallery() throws IOException {
    photo = Photo.take(2400);
  }

  /** A light request. */
  int view() {
    return ++views;
  }

  /** A heavy request that computes in the handler: it holds the turn, and all others wait. */
  byte[] thumbnailInHandler() throws IOException {
    return Photo.scale(photo, THUMBNAIL_WIDTH);
  }

  /** The same work in a task: it gives the turn away meanwhile. */
  byte[] thumbnailOffloaded() {
    byte[] bytes = photo;
    Thumbnail thumbnail =
        Manta.await(Manta.current().submit(() -> Thumbnail.of(bytes, THUMBNAIL_WIDTH)));
    made.merge(thumbnail.process(), 1, Integer::sum);
    return thumbnail.jpeg();
  }

  /** How many thumbnails the tasks of each process have made since the last such call. */
  Map<Integer, Integer> made() {
    Map<Integer, Integer> all = made;
    made = new TreeMap<>();
    return all;
  }

  /** The process that the gallery is in. */
  int process() {
    return Manta.current().process();
  }
}
