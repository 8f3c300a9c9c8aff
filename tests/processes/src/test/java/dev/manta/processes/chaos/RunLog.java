package dev.manta.processes.chaos;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** What has run, in a file of each process: so it is known of processes that were killed too. */
record RunLog(String folder) {
  /** That a call or task has begun to run. */
  record Run(long id, String life, int attempt) {}

  /** By folder. Not channels, which an interrupt closes. */
  private static final Map<String, FileOutputStream> OPEN = new ConcurrentHashMap<>();

  /** Writes that a call or task begins. */
  void begin(long id, String life, int attempt) {
    String line = id + " " + life + " " + attempt + "\n";
    FileOutputStream file = OPEN.computeIfAbsent(folder, RunLog::open);
    try {
      file.write(line.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileOutputStream open(String folder) {
    try {
      return new FileOutputStream(
          Path.of(folder, Long.toString(ProcessHandle.current().pid())).toString(), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All runs of all processes. A line that was cut by a kill is left out. */
  List<Run> all() {
    List<Run> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      for (Path file : files.toList()) {
        for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
          String[] words = line.split(" ");
          if (words.length == 3) {
            all.add(new Run(Long.parseLong(words[0]), words[1], Integer.parseInt(words[2])));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
