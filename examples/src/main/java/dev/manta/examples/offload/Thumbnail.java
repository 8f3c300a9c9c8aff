package dev.manta.examples.offload;

import dev.manta.Manta;
import java.io.IOException;

/**
 * A small photo.
 *
 * @param jpeg the file
 * @param process the number of the process that made it
 */
record Thumbnail(byte[] jpeg, int process) {
  /** The heavy work. */
  static Thumbnail of(byte[] photo, int width) throws IOException {
    return new Thumbnail(Photo.scale(photo, width), Manta.current().process());
  }
}
