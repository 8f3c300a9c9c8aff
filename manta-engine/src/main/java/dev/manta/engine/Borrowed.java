package dev.manta.engine;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in shared memory that another process has put there. They are given back once: when no view of
 * them is reachable, or before that when they are released and nobody was given a view.
 */
final class Borrowed implements Block {
  /** Who uses them. It outlives the block and its views, and refers to neither. */
  private static final class Loan {
    private final Runnable giveBack;
    private int reading;
    private boolean viewed;
    private boolean released;
    private boolean over;

    Loan(Runnable giveBack) {
      this.giveBack = giveBack;
    }

    synchronized void enter() {
      if (released) {
        throw new IllegalStateException("the value was released: read it before that");
      }
      reading++;
    }

    synchronized void view() {
      enter();
      reading--;
      viewed = true;
    }

    void leave() {
      synchronized (this) {
        reading--;
      }
      giveBackUnused();
    }

    void release() {
      synchronized (this) {
        released = true;
      }
      giveBackUnused();
    }

    private void giveBackUnused() {
      synchronized (this) {
        if (!released || viewed || reading > 0) {
          return;
        }
      }
      giveBack();
    }

    void giveBack() {
      synchronized (this) {
        if (over) {
          return;
        }
        over = true;
      }
      giveBack.run();
    }
  }

  private final MemorySegment bytes;
  private final Loan loan;

  private Borrowed(MemorySegment bytes, Loan loan) {
    this.bytes = bytes;
    this.loan = loan;
  }

  /**
   * Maps them, so that they outlive the process that put them there.
   *
   * @param giveBack tells the owner that nobody uses them here any more
   * @throws RuntimeException if they are gone
   */
  static Borrowed of(SharedMemory memory, byte[] token, Runnable giveBack) {
    Loan loan = new Loan(giveBack);
    return new Borrowed(memory.view(token, loan::giveBack), loan);
  }

  @Override
  public long size() {
    return bytes.byteSize();
  }

  @Override
  public <T extends @Nullable Object> T read(Function<MemorySegment, T> reader) {
    loan.enter();
    try {
      return reader.apply(bytes);
    } finally {
      Reference.reachabilityFence(this);
      loan.leave();
    }
  }

  @Override
  public MemorySegment view() {
    loan.view();
    return bytes;
  }

  @Override
  public void release() {
    loan.release();
  }
}
