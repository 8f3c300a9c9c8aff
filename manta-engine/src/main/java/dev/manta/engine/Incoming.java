package dev.manta.engine;

import dev.manta.CancelScope;
import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireException;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;

/** Gives each frame that comes to who reads it. By the threads that read, one at a time for a peer. */
final class Incoming {
  private final Peers peers;

  Incoming(Peers peers) {
    this.peers = peers;
  }

  /** Who may send frames of a type. */
  private void checkSender(int type, Peer from) {
    boolean allowed =
        switch (type) {
          case Frames.CREATE, Frames.JOIN, Frames.WAITING, Frames.HOLD, Frames.HOSTED,
              Frames.HELD, Frames.BUILT, Frames.END, Frames.RETIRED ->
              peers.isDriver();
          case Frames.HOST, Frames.ACTOR_AT, Frames.CLOSE, Frames.ALONE, Frames.RETIRE ->
              from.number == Peers.DRIVER;
          case Frames.GONE, Frames.ACTOR_ENDED, Frames.RELEASE, Frames.UNHELD ->
              peers.isDriver() || from.number == Peers.DRIVER;
          default -> true;
        };
    if (!allowed) {
      throw new WireException("a frame of type " + type + " is not for this process");
    }
  }

  void dispatch(Peer from, WireReader in) {
    int type = in.readByte();
    checkSender(type, from);
    switch (type) {
      case Frames.CODE -> from.codes.received(in);
      case Frames.CALL -> peers.hosting.call(from, in);
      case Frames.TASK -> peers.tasks.received(from, in);
      case Frames.RESULT -> result(from, in);
      case Frames.CANCEL -> RemoteWork.cancel(from, in);
      case Frames.HOST -> peers.hosting.host(from, in);
      case Frames.CREATE -> peers.actors.create(from, in);
      case Frames.ACTOR_AT -> peers.actors.at(in);
      case Frames.ACTOR_ENDED -> peers.actors.ended(from, in);
      case Frames.KILL -> peers.actors.kill(from, in);
      case Frames.REF_DONE -> from.borrows.done(in);
      case Frames.CANCEL_REF -> cancelRef(from, in);
      case Frames.JOIN -> peers.joined(from, in);
      case Frames.GONE -> peers.gone(from, in);
      case Frames.WAITING -> peers.waiting(from, in);
      case Frames.RELEASE -> peers.actors.release(from, in);
      case Frames.UNHELD -> peers.actors.unheld(from, in);
      case Frames.HOLD -> peers.actors.passedOn(from, in);
      case Frames.HELD -> peers.actors.held(from, in);
      case Frames.HOSTED -> peers.actors.hosted(from, in);
      case Frames.BUILT -> peers.actors.built(from, in);
      case Frames.ASK -> peers.questions.asked(from, in);
      case Frames.ANSWER -> peers.questions.answered(from, in);
      case Frames.ELEMENTS -> elements(from, in);
      case Frames.DEMAND -> demand(from, in);
      case Frames.CLOSE -> peers.close(in);
      case Frames.RETURN -> returned(from, in);
      case Frames.COLLECT -> collect(in);
      case Frames.END -> peers.end(in);
      case Frames.ALONE -> {
        in.end();
        peers.runsAlone();
      }
      case Frames.RETIRE -> {
        in.end();
        WireWriter out = new WireWriter(Frames.RETIRED);
        from.send(out.writeFlag(peers.mayEnd()));
      }
      case Frames.RETIRED -> {
        boolean mayEnd = in.readFlag();
        in.end();
        peers.workforce.answered(from, mayEnd);
      }
      case Frames.RETURNED -> callReturned(from, in);
      case Frames.ROOM -> peers.hosting.room(from, in);
      case Frames.GRANT -> peers.actors.granted(from, in);
      case Frames.PROBE -> peers.waits.received(from, in);
      default -> throw new WireException("there is no type of frame " + type);
    }
  }

  private static void result(Peer from, WireReader in) {
    long id = in.readUnsigned();
    Object outcome = WireValues.readOutcome(from, in);
    in.end();
    RemoteWork<?> work = from.take(id);
    if (work != null) {
      work.answered(outcome);
    }
  }

  private static void elements(Peer from, WireReader in) {
    RemoteWork<?> work = from.find(in.readUnsigned());
    List<Object> elements = new ArrayList<>();
    do {
      Object element = WireValues.read(from, in);
      if (element == null) {
        throw new WireException("an element of a stream is null");
      }
      elements.add(element);
    } while (in.remaining() > 0);
    Inflow stream = work == null ? null : work.stream;
    if (stream != null) {
      stream.arrived(elements);
    }
  }

  private static void demand(Peer from, WireReader in) {
    Outflow out = from.outflows.get(in.readUnsigned());
    int more = in.readInt(Integer.MAX_VALUE);
    in.end();
    if (out != null) {
      out.read(more);
    }
  }

  private void returned(Peer from, WireReader in) {
    long number = in.readUnsigned();
    in.end();
    Lending l = peers.lending();
    if (l != null) {
      l.returned(from, number);
    }
  }

  private void collect(WireReader in) {
    boolean isUrgent = in.readFlag();
    in.end();
    Lending l = peers.lending();
    if (l != null) {
      l.collect(isUrgent);
    }
  }

  private static void callReturned(Peer from, WireReader in) {
    RemoteWork<?> work = from.take(in.readUnsigned());
    in.end();
    if (work instanceof RemoteCall<?> call) {
      call.returned(from);
    } else if (work != null) {
      throw new WireException("a task came back");
    }
  }

  private static void cancelRef(Peer from, WireReader in) {
    long number = in.readUnsigned();
    CancelScope scope = WireErrors.readScope(in);
    in.end();
    from.exports.cancel(number, scope);
  }
}
