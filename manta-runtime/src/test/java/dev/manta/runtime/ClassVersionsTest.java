package dev.manta.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassVersionsTest {
  @TempDir
  private Path folder;

  /** A class whose file is copied. */
  static final class Sample {}

  private static final String FILE = Sample.class.getName().replace('.', '/') + ".class";

  private static byte[] bytes() throws Exception {
    try (InputStream in = Sample.class.getClassLoader().getResourceAsStream(FILE)) {
      return in.readAllBytes();
    }
  }

  private static long crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  private static long versionFrom(Path place) throws Exception {
    try (URLClassLoader loader = new URLClassLoader(new URL[]{place.toUri().toURL()}, null)) {
      return ClassVersions.of(loader.loadClass(Sample.class.getName()));
    }
  }

  @Test
  void classInAFolderAndInAJar_hasTheChecksumOfItsFile() throws Exception {
    Path jar = folder.resolve("some classes.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream out = new ZipOutputStream(file)) {
      out.putNextEntry(new ZipEntry(FILE));
      out.write(bytes());
    }
    Path classes = folder.resolve("the classes");
    Files.createDirectories(classes.resolve(FILE).getParent());
    Files.write(classes.resolve(FILE), bytes());

    assertThat(versionFrom(jar)).isEqualTo(crc(bytes()));
    assertThat(versionFrom(classes)).isEqualTo(crc(bytes()));
    assertThat(ClassVersions.of(Sample.class)).isEqualTo(crc(bytes()));
  }

  @Test
  void classOfTheJdk_hasNone() {
    assertThat(ClassVersions.of(String.class)).isEqualTo(ClassVersions.NONE);
  }
}
