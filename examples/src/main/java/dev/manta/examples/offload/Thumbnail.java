package dev.manta.examples.offload;

import dev.manta.examples.support.Place;
import java.io.IOException;

/**
 * A small photo.
 *
 * @param jpeg the file
 * @param process the id of the process that made it
 */
record Thumbnail(byte[] jpeg, long process) {
  /** The heavy work. */
  static Thumbnail of(byte[] photo, int width) throws IOException {
    return new Thumbnail(Photo.scale(photo, width), Place.process());
  }
}
