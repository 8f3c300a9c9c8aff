package dev.manta.engine.wire;

/** The types of frames: the first byte of each. Numbers are never used again for something else. */
public final class Frames {
  /**
   * The version of the protocol: of frames, of what the codec packs, and of the transport's own bytes.
   * Processes of two versions don't talk, which they find out when they meet. Whatever changes a byte
   * needs the next number.
   */
  public static final int VERSION = 1;

  /** Code of functions: its number, and where it is found. */
  public static final int CODE = 1;

  /** A call on an actor of the receiver. */
  public static final int CALL = 2;

  /** A task. */
  public static final int TASK = 3;

  /** How a call or task ended. */
  public static final int RESULT = 4;

  /** A call or task is cancelled, or its deadline has passed. */
  public static final int CANCEL = 5;

  /** An actor that the receiver is to host. */
  public static final int HOST = 6;

  /** A new actor that the receiver is to find a host for. */
  public static final int CREATE = 7;

  /** Where an actor lives now. */
  public static final int ACTOR_AT = 8;

  /** An actor is dead. */
  public static final int ACTOR_ENDED = 9;

  /** An actor is to end. */
  public static final int KILL = 10;

  /** A ref that was passed on while it was pending is complete. */
  public static final int REF_DONE = 11;

  /** The call or task behind a ref that was passed on is cancelled. */
  public static final int CANCEL_REF = 12;

  /** The sender has begun to run. */
  public static final int JOIN = 13;

  /** A process is gone. */
  public static final int GONE = 14;

  /** So many tasks of the sender wait, and have given their CPUs back. */
  public static final int WAITING = 15;

  /** The sender lets go of handles to an actor; from the driver: nobody holds one to the receiver's. */
  public static final int RELEASE = 16;

  /** A question of which an answer follows. */
  public static final int ASK = 17;

  /** The answer. */
  public static final int ANSWER = 18;

  /** Not sent: a stream is a call or task whose body is internal. */
  public static final int STREAM = 19;

  /** Elements of a stream. */
  public static final int ELEMENTS = 20;

  /** How many elements of a stream may follow, or that none will be read. */
  public static final int DEMAND = 21;

  /** A process got a handle to an actor from the sender. */
  public static final int HOLD = 22;

  /** The sender hosts an actor now. */
  public static final int HOSTED = 23;

  /** The Manta is to be closed. */
  public static final int CLOSE = 24;

  /** The sender has let go of bytes in shared memory that the receiver has lent it. */
  public static final int RETURN = 25;

  /** The constructor of an actor that the sender hosts has returned. */
  public static final int BUILT = 26;

  /** The receiver is to look for bytes that the sender has lent and nobody there can reach. */
  public static final int COLLECT = 27;

  /** A call came back: the actor has its limit of pending calls. */
  public static final int RETURNED = 28;

  /** A caller asks for room for calls that wait in its process, or gives some back. */
  public static final int ROOM = 29;

  /** There is room for some of the calls that a caller has asked for. */
  public static final int GRANT = 30;

  /** Follows a chain of waits, to see whether it is a circle. */
  public static final int PROBE = 31;

  /** A process is to be ended. */
  public static final int END = 32;

  /** The receiver runs one actor or task alone: what its code submits goes to the driver. */
  public static final int ALONE = 33;

  /** Whether the receiver has nothing to do, so that it may end. */
  public static final int RETIRE = 34;

  /** The answer: a flag. After yes nothing comes from the receiver but the end. */
  public static final int RETIRED = 35;

  /** Asks the host of an actor whether its code holds it; the answer is that it does not. */
  public static final int UNHELD = 36;

  /** Which handles of actors a process has from one that is gone. */
  public static final int HELD = 37;

  private Frames() {}
}
