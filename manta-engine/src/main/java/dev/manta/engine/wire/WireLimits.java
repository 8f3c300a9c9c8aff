package dev.manta.engine.wire;

/** The limits of one frame, which its writer and its reader keep. */
public final class WireLimits {
  /** How deep refs may be nested: a ref whose value has a ref, and so on. */
  public static final int MAX_DEPTH = 200;

  /** How many elements a list may have, and how many refs and handles a frame. */
  public static final int MAX_ELEMENTS = 1_000_000;

  /** How many classes an encoded value may refer to. */
  public static final int MAX_CLASSES = 65_536;

  /** How many values a function may capture: no method has more parameters. */
  public static final int MAX_CAPTURED = 255;

  /** The bytes of the name of a class or method: no class file has longer ones. */
  public static final int MAX_NAME_BYTES = 65_535;

  private WireLimits() {}
}
