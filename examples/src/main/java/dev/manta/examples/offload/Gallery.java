package dev.manta.examples.offload;

import dev.manta.Manta;
import java.io.IOException;

/** An async actor with a photo. Light and heavy requests share its loop. */
final class Gallery {
  private static final int THUMBNAIL_WIDTH = 320;

  private final byte[] photo;
  private int views;

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
    return Manta.await(Manta.current().submit(() -> Photo.scale(bytes, THUMBNAIL_WIDTH)));
  }
}
