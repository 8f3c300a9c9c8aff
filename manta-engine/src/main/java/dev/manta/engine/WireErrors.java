package dev.manta.engine;

import dev.manta.CancelScope;
import dev.manta.MantaException;
import dev.manta.NotExecutedException;
import dev.manta.OutcomeUnknownException;
import dev.manta.Reason;
import dev.manta.TaskFailedException;
import dev.manta.engine.wire.WireException;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Errors in frames: which of Manta's kinds it is, the message, the stack, and the cause, encoded and,
 * for a receiver that lacks its class, described.
 */
final class WireErrors {
  private static final int TASK_FAILED = 0;
  private static final int NOT_EXECUTED = 1;
  private static final int OUTCOME_UNKNOWN = 2;
  private static final int OTHER = 3;
  private static final int MAX_FRAMES = 256;
  private static final Reason[] REASONS = Reason.values();

  private WireErrors() {}

  /** How far a cancel reaches. */
  static void write(WireWriter out, CancelScope scope) {
    out.writeByte(
        switch (scope) {
          case THIS_CALL -> 0;
          case WITH_CHILDREN -> 1;
          case FORCE -> 2;
        });
  }

  static CancelScope readScope(WireReader in) {
    int scope = in.readByte();
    return switch (scope) {
      case 0 -> CancelScope.THIS_CALL;
      case 1 -> CancelScope.WITH_CHILDREN;
      case 2 -> CancelScope.FORCE;
      default -> throw new WireException("there is no cancel of scope " + scope);
    };
  }

  @SuppressWarnings("EnumOrdinal") // new reasons come after the others, as Reason says
  static void write(WireWriter out, Reason reason) {
    out.writeUnsigned(reason.ordinal());
  }

  static Reason readReason(WireReader in) {
    return REASONS[in.readInt(REASONS.length - 1)];
  }

  static void write(Peer to, WireWriter out, Throwable error) {
    switch (error) {
      case TaskFailedException e -> write(to, out, TASK_FAILED, e);
      case NotExecutedException e -> write(to, out, NOT_EXECUTED, e);
      case OutcomeUnknownException e -> write(to, out, OUTCOME_UNKNOWN, e);
      default -> {
        out.writeByte(OTHER);
        writeCause(to, out, error);
      }
    }
  }

  private static void write(Peer to, WireWriter out, int kind, MantaException e) {
    out.writeByte(kind);
    write(out, e.reason());
    out.writeText(String.valueOf(e.getMessage()));
    writeStack(out, e.getStackTrace());
    writeCause(to, out, e.getCause());
  }

  private static void writeStack(WireWriter out, StackTraceElement[] stack) {
    int n = Math.min(stack.length, MAX_FRAMES);
    out.writeUnsigned(n);
    for (int i = 0; i < n; i++) {
      StackTraceElement e = stack[i];
      out.writeText(e.getClassName())
          .writeText(e.getMethodName())
          .writeText(e.getFileName() == null ? "" : e.getFileName())
          .writeSigned(e.getLineNumber());
    }
  }

  private static StackTraceElement[] readStack(WireReader in) {
    StackTraceElement[] stack = new StackTraceElement[in.readInt(MAX_FRAMES)];
    for (int i = 0; i < stack.length; i++) {
      String owner = in.readText();
      String method = in.readText();
      String file = in.readText();
      stack[i] =
          new StackTraceElement(
              owner, method, file.isEmpty() ? null : file,
              (int) in.readSigned(Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    return stack;
  }

  private static void writeCause(Peer to, WireWriter out, @Nullable Throwable cause) {
    out.writeFlag(cause != null);
    if (cause == null) {
      return;
    }
    Portable encoded = null;
    try {
      encoded = to.engine.copies.pack(to.engine.copies.encode(cause));
    } catch (RuntimeException | StackOverflowError e) {
      // the description must do
    }
    if (encoded != null && !(encoded.handles().isEmpty() && encoded.blocks().isEmpty())) {
      encoded = null;
    }
    out.writeFlag(encoded != null);
    if (encoded != null) {
      out.writeUnsigned(encoded.form());
      encoded.bytes().read(out::writeBytes);
      WireValues.writeClasses(out, encoded.classes());
    }
    out.writeText(Failures.describe(cause));
    writeStack(out, cause.getStackTrace());
  }

  static Throwable read(Peer from, WireReader in) {
    int kind = in.readByte();
    if (kind == OTHER) {
      return java.util.Objects.requireNonNullElseGet(
          readCause(from, in), () -> new WireException("an error without one"));
    }
    Reason reason = readReason(in);
    String message = in.readText();
    StackTraceElement[] stack = readStack(in);
    Throwable cause = readCause(from, in);
    MantaException error =
        switch (kind) {
          case TASK_FAILED -> new TaskFailedException(message, cause);
          case NOT_EXECUTED -> new NotExecutedException(reason, message, cause);
          case OUTCOME_UNKNOWN -> new OutcomeUnknownException(reason, message, cause);
          default -> throw new WireException("there is no kind of error " + kind);
        };
    error.setStackTrace(stack);
    return error;
  }

  private static @Nullable Throwable readCause(Peer from, WireReader in) {
    if (!in.readFlag()) {
      return null;
    }
    Portable encoded = null;
    if (in.readFlag()) {
      int form = in.readInt(WireValues.MAX_FORM);
      Block bytes = Block.of(MemorySegment.ofArray(in.readBytes()));
      encoded = new Portable(form, bytes, List.of(), List.of(), WireValues.readClasses(in));
    }
    String description = in.readText();
    StackTraceElement[] stack = readStack(in);
    if (encoded != null) {
      try {
        Copies copies = from.engine.copies;
        if (copies.decode(copies.unpack(encoded)) instanceof Throwable thrown) {
          return thrown;
        }
      } catch (RuntimeException | LinkageError | StackOverflowError e) {
        // its class is not here, or another one
      }
    }
    return Copies.described(description, stack);
  }

  // ---- deaths

  static void writeDeath(Peer to, WireWriter out, Death why) {
    write(out, why.reason());
    out.writeText(why.what()).writeFlag(why.graceful());
    Throwable cause = why.cause();
    out.writeFlag(cause != null);
    if (cause != null) {
      write(to, out, cause);
    }
  }

  static Death readDeath(Peer from, WireReader in) {
    Reason reason = readReason(in);
    String what = in.readText();
    boolean graceful = in.readFlag();
    Throwable cause = in.readFlag() ? read(from, in) : null;
    in.end();
    return new Death(reason, what, cause, graceful);
  }
}
