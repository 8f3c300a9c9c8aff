package dev.manta.simulator;

/** What programs of many processes do most. */
public enum Style {
  /** Of everything something. */
  MIXED,

  /** Many callers in all processes want the same few actors, which have little room. */
  CROWD,

  /** Actors are created everywhere, and their handles are passed on. */
  HANDLES,

  /** Actors are killed, and live again. */
  LIVES,

  /** Streams. */
  STREAMS
}
