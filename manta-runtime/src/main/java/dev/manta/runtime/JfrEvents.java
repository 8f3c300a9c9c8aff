package dev.manta.runtime;

import dev.manta.engine.Events;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * Writes the engine's events to Java Flight Recorder. The first class of an event starts the whole of
 * the recorder, which takes longer than the start of a small program: so they are loaded when
 * somebody else has started it. While nothing is recorded an event costs the read of a field.
 */
final class JfrEvents implements Events {
  private static volatile boolean started;

  private final boolean silent;

  JfrEvents() {
    this(false);
    FlightRecorder.addListener(new Start());
  }

  private JfrEvents(boolean silent) {
    this.silent = silent;
  }

  /** Events that nobody is told of. */
  static Events silent() {
    return new JfrEvents(true);
  }

  @Override
  public boolean wants(Kind kind) {
    return started && !silent && Kinds.isEnabled(kind);
  }

  @Override
  public void record(Kind kind, String call, long number) {
    CallEvent event = Kinds.create(kind);
    event.call = call;
    event.number = number;
    event.commit();
  }

  /** Hears of the recorder's start, now if it was before. */
  private static final class Start implements FlightRecorderListener {
    @Override
    public void recorderInitialized(FlightRecorder recorder) {
      started = true;
    }
  }

  /** The classes of events. */
  private static final class Kinds {
    private static final Queued QUEUED = new Queued();
    private static final Started STARTED = new Started();
    private static final Suspended SUSPENDED = new Suspended();
    private static final Resumed RESUMED = new Resumed();
    private static final Ended ENDED = new Ended();
    private static final Stalled STALLED = new Stalled();

    static boolean isEnabled(Kind kind) {
      return switch (kind) {
        case QUEUED -> QUEUED.isEnabled();
        case STARTED -> STARTED.isEnabled();
        case SUSPENDED -> SUSPENDED.isEnabled();
        case RESUMED -> RESUMED.isEnabled();
        case ENDED -> ENDED.isEnabled();
        case STALLED -> STALLED.isEnabled();
      };
    }

    static CallEvent create(Kind kind) {
      return switch (kind) {
        case QUEUED -> new Queued();
        case STARTED -> new Started();
        case SUSPENDED -> new Suspended();
        case RESUMED -> new Resumed();
        case ENDED -> new Ended();
        case STALLED -> new Stalled();
      };
    }
  }

  /** What all events say. */
  @Category("Manta")
  @StackTrace(false)
  @SuppressWarnings("UnusedVariable") // the recorder reads them
  private abstract static class CallEvent extends Event {
    @Label("Call")
    String call = "";

    @Label("Number of the call")
    long number;
  }

  @Name("dev.manta.CallQueued")
  @Label("Call queued")
  private static final class Queued extends CallEvent {}

  @Name("dev.manta.CallStarted")
  @Label("Call started")
  private static final class Started extends CallEvent {}

  @Name("dev.manta.CallSuspended")
  @Label("Call suspended")
  private static final class Suspended extends CallEvent {}

  @Name("dev.manta.CallResumed")
  @Label("Call resumed")
  private static final class Resumed extends CallEvent {}

  @Name("dev.manta.CallEnded")
  @Label("Call ended")
  private static final class Ended extends CallEvent {}

  @Name("dev.manta.TurnStalled")
  @Label("Turn stalled")
  private static final class Stalled extends CallEvent {}
}
