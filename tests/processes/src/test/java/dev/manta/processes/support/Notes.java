package dev.manta.processes.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Lines in a file, which outlive the process that writes them. */
public record Notes(String file) {
  /** A file in a folder. */
  public static Notes in(Path folder) {
    return new Notes(folder.resolve("notes").toString());
  }

  /** Adds a line. */
  public void add(String line) {
    try {
      Files.writeString(
          Path.of(file), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All lines. */
  public List<String> lines() {
    try {
      return Files.exists(Path.of(file)) ? Files.readAllLines(Path.of(file)) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
