package dev.manta.behaviours.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What Manta writes to its logger while this is open. */
public final class Reports implements AutoCloseable {
  private final Logger logger = Logger.getLogger("dev.manta");
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  /** Listens from now on. */
  public Reports() {
    logger.addHandler(handler);
  }

  /** The reports whose message or error holds the text. */
  public List<LogRecord> mentioning(String text) {
    return records.stream().filter(record -> mentions(record, text)).toList();
  }

  /** Has garbage collected until there is a report of that text. */
  public void collectUntil(String text) {
    Eventually.until(
        "a report of: " + text,
        () -> {
          System.gc();
          return !mentioning(text).isEmpty();
        });
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
  }

  private static boolean mentions(LogRecord record, String text) {
    if (record.getMessage() != null && record.getMessage().contains(text)) {
      return true;
    }
    for (Throwable e = record.getThrown(); e != null; e = e.getCause()) {
      if (String.valueOf(e.getMessage()).contains(text)) {
        return true;
      }
    }
    return false;
  }
}
