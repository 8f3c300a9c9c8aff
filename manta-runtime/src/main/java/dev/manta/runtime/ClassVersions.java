package dev.manta.runtime;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Versions of classes: the CRC-32 of a class's file, as it was when it was first asked for. That of a
 * class in a jar is in the jar's directory already. A class that comes from elsewhere has none.
 */
final class ClassVersions {
  static final long NONE = 0;

  private static final ClassValue<Long> ALL =
      new ClassValue<>() {
        @Override
        protected Long computeValue(Class<?> type) {
          try {
            Path place = place(type);
            return place == null ? NONE : find(place, type.getName().replace('.', '/') + ".class");
          } catch (IOException | URISyntaxException | RuntimeException e) {
            return NONE; // what can't be read has none
          }
        }
      };

  private ClassVersions() {}

  static long of(Class<?> type) {
    return ALL.get(type);
  }

  private static @Nullable Path place(Class<?> type) throws URISyntaxException {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    return location == null || !location.getProtocol().equals("file")
        ? null
        : Path.of(location.toURI());
  }

  private static long find(Path place, String file) throws IOException {
    if (Files.isDirectory(place)) {
      CRC32 crc = new CRC32();
      crc.update(Files.readAllBytes(place.resolve(file)));
      return crc.getValue();
    }
    try (ZipFile jar = new ZipFile(place.toFile())) {
      ZipEntry entry = jar.getEntry(file);
      return entry == null ? NONE : Math.max(NONE, entry.getCrc());
    }
  }
}
