package dev.manta.processes.support;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** The class path of this program, without what only tests need, and jars made of it. */
public final class Jars {
  private static final List<String> OF_TESTS =
      List.of(
          "junit",
          "surefire",
          "assertj",
          "byte-buddy",
          "opentest4j",
          "apiguardian",
          "spring-boot-loader");

  private static final String SERVICES = "META-INF/services/";

  private Jars() {}

  /** The places of the program's classes. */
  public static List<Path> places() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(place -> OF_TESTS.stream().noneMatch(place.toString()::contains))
        .filter(Files::exists)
        .map(Path::toAbsolutePath)
        .toList();
  }

  /** A jar that has nothing but a manifest. */
  public static Path ofManifest(Path jar, Class<?> main, String classPath) throws IOException {
    Manifest manifest = manifest(main);
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
    write(jar, manifest, Map.of());
    return jar;
  }

  /** One jar with the classes of all places, and their services together. */
  public static Path ofAll(Path jar, Class<?> main, List<Path> places) throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    for (Path place : places) {
      contents(place).forEach((name, bytes) -> all.merge(name, bytes, (one, other) -> {
        if (!name.startsWith(SERVICES)) {
          return one;
        }
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(one);
        both.write('\n');
        both.writeBytes(other);
        return both.toByteArray();
      }));
    }
    write(jar, manifest(main), all);
    return jar;
  }

  /** A jar as Spring Boot makes it: the program's own classes, the jars that it needs, and a loader of both. */
  public static Path ofSpringBoot(Path jar, Class<?> main, List<Path> places) throws IOException {
    Class<?> launcher = org.springframework.boot.loader.launch.JarLauncher.class;
    Map<String, byte[]> all = new LinkedHashMap<>(contents(place(launcher)));
    all.put("BOOT-INF/classes/", new byte[0]); // is looked for
    Path own = place(main);
    contents(own).forEach((name, bytes) -> all.put("BOOT-INF/classes/" + name, bytes));
    Path folder = Files.createTempDirectory(jar.getParent(), "nested");
    for (Path place : places) {
      if (!place.equals(own)) {
        String name = copy(place, all.size(), folder);
        all.put("BOOT-INF/lib/" + name, Files.readAllBytes(folder.resolve(name)));
      }
    }
    Manifest manifest = manifest(launcher);
    manifest.getMainAttributes().putValue("Start-Class", main.getName());
    manifest.getMainAttributes().putValue("Spring-Boot-Classes", "BOOT-INF/classes/");
    manifest.getMainAttributes().putValue("Spring-Boot-Lib", "BOOT-INF/lib/");
    write(jar, manifest, all);
    return jar;
  }

  /** Where a class is. */
  public static Path place(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  /** Copies a place into a folder as a jar; returns its name there. */
  public static String copy(Path place, int number, Path folder) throws IOException {
    String name = "lib" + number + ".jar";
    if (Files.isDirectory(place)) {
      write(folder.resolve(name), new Manifest(), contents(place));
    } else {
      Files.copy(place, folder.resolve(name));
    }
    return name;
  }

  private static Manifest manifest(Class<?> main) {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main.getName());
    return manifest;
  }

  private static Map<String, byte[]> contents(Path place) throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    if (Files.isDirectory(place)) {
      List<Path> files = new ArrayList<>();
      try (Stream<Path> walk = Files.walk(place)) {
        walk.filter(Files::isRegularFile).forEach(files::add);
      }
      for (Path file : files) {
        all.put(place.relativize(file).toString().replace(File.separatorChar, '/'),
            Files.readAllBytes(file));
      }
      return all;
    }
    try (JarFile jar = new JarFile(place.toFile())) {
      for (JarEntry entry : jar.stream().filter(e -> !e.isDirectory()).toList()) {
        if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
          all.put(entry.getName(), jar.getInputStream(entry).readAllBytes());
        }
      }
    }
    return all;
  }

  private static void write(Path jar, Manifest manifest, Map<String, byte[]> contents)
      throws IOException {
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      for (Map.Entry<String, byte[]> entry : contents.entrySet()) {
        out.putNextEntry(entry(entry.getKey(), entry.getValue()));
        out.write(entry.getValue());
        out.closeEntry();
      }
    }
  }

  /** A jar in a jar is not compressed again, so that its entries can be found. */
  private static JarEntry entry(String name, byte[] bytes) {
    JarEntry entry = new JarEntry(name);
    if (name.endsWith(".jar")) {
      CRC32 crc = new CRC32();
      crc.update(bytes);
      entry.setMethod(JarEntry.STORED);
      entry.setSize(bytes.length);
      entry.setCrc(crc.getValue());
    }
    return entry;
  }
}
