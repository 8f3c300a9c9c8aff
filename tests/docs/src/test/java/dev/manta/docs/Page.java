package dev.manta.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param name its path, relative to the project
 * @param lines its text
 */
record Page(String name, List<String> lines) {
  /** The folder of the project. */
  static Path project() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("manta-api"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /** README.md and all pages of docs. */
  static List<Page> all() throws IOException {
    Path project = project();
    List<Path> files = new ArrayList<>();
    files.add(project.resolve("README.md"));
    try (Stream<Path> docs = Files.list(project.resolve("docs"))) {
      docs.filter(f -> f.toString().endsWith(".md")).sorted().forEach(files::add);
    }
    List<Page> pages = new ArrayList<>();
    for (Path file : files) {
      pages.add(new Page(project.relativize(file).toString(), Files.readAllLines(file)));
    }
    return pages;
  }
}
