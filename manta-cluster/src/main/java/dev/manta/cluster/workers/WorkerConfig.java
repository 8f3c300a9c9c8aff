package dev.manta.cluster.workers;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * What a worker process is told when it starts: written to its stdin, so that neither its command
 * line nor its environment, which others may read, holds the secret. Its parent's word follows when that
 * can be spoken to. May be used by any thread.
 */
public final class WorkerConfig {
  /** The most that is written, in bytes; less than the heap of the smallest worker. */
  static final int MOST_BYTES = 1 << 20;

  private static final int MAGIC = 0x4D4E5457;

  private final int number;
  private final String program;
  private final Path runDirectory;
  private final byte[] secret;
  private final byte[] configuration;
  private final CompletableFuture<byte[]> word = new CompletableFuture<>();

  /**
   * Some configuration.
   *
   * @param number the worker's number, from 1 upward
   * @param program the name of the class of the {@link WorkerProgram} that it runs
   * @param runDirectory the path of the run's folder
   * @param secret what authenticates the worker to the other processes of its run
   * @param configuration for the program, in a form that it knows
   */
  public WorkerConfig(
      int number, String program, Path runDirectory, byte[] secret, byte[] configuration) {
    this.number = number;
    this.program = program;
    this.runDirectory = runDirectory;
    this.secret = secret.clone();
    this.configuration = configuration.clone();
  }

  /** The worker's number, from 1 upward. */
  public int number() {
    return number;
  }

  /** The name of the class of the program. */
  public String program() {
    return program;
  }

  /** The folder of the run. */
  public Path runDirectory() {
    return runDirectory;
  }

  /** A copy of the secret. */
  public byte[] secret() {
    return secret.clone();
  }

  /** A copy of the program's configuration. */
  public byte[] configuration() {
    return configuration.clone();
  }

  /**
   * The block that {@link #read} reads: its length in four bytes, and its content.
   *
   * @throws IllegalArgumentException if it would be longer than {@link #MOST_BYTES}
   */
  byte[] block() {
    var content = new ByteArrayOutputStream();
    try {
      var out = new DataOutputStream(content);
      out.writeInt(MAGIC);
      out.writeInt(number);
      out.writeUTF(program);
      out.writeUTF(runDirectory.toString());
      out.writeInt(secret.length);
      out.write(secret);
      out.writeInt(configuration.length);
      out.write(configuration);
      if (content.size() > MOST_BYTES) {
        throw new IllegalArgumentException(
            "The configuration of a worker takes %,d bytes, and at most %,d are allowed"
                .formatted(content.size(), MOST_BYTES));
      }
      var block = new ByteArrayOutputStream(Integer.BYTES + content.size());
      new DataOutputStream(block).writeInt(content.size());
      content.writeTo(block);
      return block.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a block.
   *
   * @throws java.io.EOFException if the stream ends within it
   * @throws IOException if it is no such block
   */
  static WorkerConfig read(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MOST_BYTES || in.readInt() != MAGIC) {
      throw new IOException("Not the configuration of a worker process");
    }
    int number = in.readInt();
    var program = in.readUTF();
    var runDirectory = Path.of(in.readUTF());
    var secret = readBytes(in, length);
    return new WorkerConfig(number, program, runDirectory, secret, readBytes(in, length));
  }

  private static byte[] readBytes(DataInputStream in, int most) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > most) {
      throw new IOException("Not the configuration of a worker process");
    }
    var bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  /** Waits until the parent can be spoken to; returns what it then has to say. */
  public byte[] awaitParent() {
    return word.join();
  }

  /** The parent can be spoken to: the block that {@link #readWord} reads. */
  static byte[] wordBlock(byte[] word) {
    return ByteBuffer.allocate(Integer.BYTES + word.length).putInt(word.length).put(word).array();
  }

  /**
   * Reads the parent's word, when that comes.
   *
   * @throws java.io.EOFException if the stream ends before or within it
   */
  void readWord(DataInputStream in) throws IOException {
    word.complete(readBytes(in, MOST_BYTES));
  }

  /** Without secret and configuration. */
  @Override
  public String toString() {
    return "worker %d, %s, in %s".formatted(number, program, runDirectory);
  }
}
