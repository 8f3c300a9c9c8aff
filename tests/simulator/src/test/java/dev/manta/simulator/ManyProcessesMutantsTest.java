package dev.manta.simulator;

import static dev.manta.simulator.Mutant.answer;
import static dev.manta.simulator.Mutant.atOnce;
import static dev.manta.simulator.Mutant.confuse;
import static dev.manta.simulator.Mutant.constant;
import static dev.manta.simulator.Mutant.instead;
import static dev.manta.simulator.Mutant.returns;
import static dev.manta.simulator.Mutant.twice;
import static dev.manta.simulator.Mutant.unwritten;
import static dev.manta.simulator.Mutant.without;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults in the protocol between processes, and that the simulator finds them. */
class ManyProcessesMutantsTest {
  private static final int SEEDS = 5_000;
  private static final Simulator SOUND = EngineLoader.simulator();

  static Stream<Mutant> mutants() {
    return Stream.of(
        // an answer is dropped
        new Mutant("the end of a call is not told", "Inbound", "completed", without("answer")),
        new Mutant(
            "the end of a ref that was passed on is not told", "Exports$1", "completed",
            without("sendOutcome")),
        new Mutant("a host does not say that it has the actor", "Hosting", "host", without("send")),
        new Mutant("a question is not answered", "Questions", "answer", without("send")),
        new Mutant(
            "a host does not say that its actor has ended", "Hosting", "ended", without("send")),
        new Mutant(
            "a reader of shared memory does not say that it lets go", "Lending", "returned",
            without("change")),
        new Mutant("a holder does not say that it lets go", "RemoteActors", "letGo",
            without("send")),
        // a borrower is forgotten
        new Mutant("a holder of an actor is forgotten", "Directory", "tryHold", without("add")),
        new Mutant("a holder that got its handle from a worker is forgotten", "RemoteActors",
            "holds", without("send")).in(Style.HANDLES),
        new Mutant("a reader of shared memory is forgotten", "Lending", "lend", without("merge")),
        new Mutant("a ref that was passed on is forgotten", "Borrows", "take", without("put")),
        new Mutant("a lost process stays a holder", "Directory", "lost", without("remove")),
        new Mutant("nobody says what it has from a lost process", "Peers", "gone",
            without("tellFrom")).in(Style.HANDLES),
        new Mutant("what a process has from a lost one is not heard", "Directory", "said",
            without("set")).in(Style.CROWD),
        new Mutant("an actor ends whose handles a lost process may have passed on", "Directory",
            "review", answer("isEmpty", 1)).in(Style.HANDLES),
        new Mutant("what a lost process held is never let go of", "Directory", "said",
            without("forget")).in(Style.HANDLES),
        // an epoch is used again
        new Mutant("the next life has the epoch of the last", "Directory", "lost",
            unwritten("epoch")),
        // something happens twice
        new Mutant("a call is answered twice", "Inbound", "completed", twice("answer")),
        new Mutant("a call is sent twice", "RemoteWork", "sendTo", twice("sendWork")),
        new Mutant("the end of a ref is told twice", "Exports$1", "completed",
            twice("sendOutcome")),
        new Mutant("an attempt is not counted", "RemoteWork", "runAgain", unwritten("attempt")),
        new Mutant("what may have run is run again without retries", "RemoteWork", "peerLost",
            constant("retriesLeft", 1)),
        new Mutant("whatever failed is run again", "RemoteWork", "mayRunAgain", returns(1)),
        // a loss
        new Mutant("calls are not told of the loss of their process", "Peer", "tellLoss",
            without("peerLost")),
        new Mutant("borrowed refs are not told of the loss of their owner", "Peer", "tellLoss",
            without("lost")).in(Style.STREAMS),
        new Mutant("a loss that comes while a frame is read is not seen to", "Peers", "leave",
            without("seeToLoss")),
        new Mutant("actors are not told of the loss of their process", "RemoteActors", "lost",
            without("lost")),
        new Mutant("an actor that nobody holds goes on", "Directory", "review",
            answer("isHeld", 1)),
        new Mutant("an actor does not live again for who holds it", "Directory", "review",
            without("findAfter")),
        // deadlines
        new Mutant("a deadline does not travel", "Received", "applyTo",
            unwritten("hasDeadline")),
        // calls that wait for a place
        new Mutant("calls that wait are not sent", "RemoteCell", "sendAll", without("sendTo", 1)),
        new Mutant("calls that wait are sent in the wrong order", "RemoteCell", "sendAll",
            instead("poll", "pollLast")),
        new Mutant("calls that wait are not told of the death", "RemoteCell", "ended",
            without("tell")),
        new Mutant("holders are not told where an actor lives", "Directory", "hosted",
            without("tellWhere")),
        new Mutant("holders are not told that an actor has ended", "Directory", "ended",
            without("tellEnded")),
        new Mutant("who finds an actor that has just ended is not told", "RemoteActors",
            "findHere", without("tell")),
        new Mutant("who gets a handle of a dead actor is not told", "WireHandles", "read",
            without("tell")).in(Style.LIVES),
        new Mutant("an actor that waits for a worker is forgotten", "Homes", "find",
            without("add")),
        new Mutant("code is used that was not told", "Codes", "tell", without("send")),
        // a kill
        new Mutant("a kill does not reach the host", "RemoteActors", "kill", without("ended")),
        // nothing is left
        new Mutant("nobody counts down what is pending", "RemoteCall", "leave",
            without("leave")),
        new Mutant("nobody counts down the tasks", "RemoteTasks", "ended", without("leave")),
        new Mutant("a worker's place is not freed", "RemoteTasks", "ended",
            without("leavesSeat")),
        new Mutant("an actor's resources are not given back", "Directory", "remove",
            without("release")),
        // monitors
        new Mutant("who gets what an actor had is sent under the directory", "Directory",
            "release", atOnce()),
        new Mutant("a dead actor keeps its name", "Directory", "remove",
            without("remove")),
        new Mutant("an actor that nobody holds is not released", "Hosting", "release",
            without("unreachable")),
        new Mutant("an answered call stays", "Peer", "answer", without("remove")),
        // who holds an actor
        new Mutant("an actor ends though its own process holds it", "Holding", "asked",
            without("held")).in(Style.HANDLES),
        new Mutant("a host does not say that it holds an actor no more", "Holding", "letGo",
            without("answer")).in(Style.HANDLES),
        new Mutant("an epoch is used that the last process may have used", "Directory", "lost",
            confuse("lastEpoch", "epoch")).in(Style.LIVES),
        // room for calls
        new Mutant("a call without room is not sent back", "Grants", "sendBack", without("send"))
            .in(Style.CROWD),
        new Mutant("room is not granted", "Grants", "admitted", without("grant")).in(Style.CROWD),
        new Mutant("room is granted twice", "Grants", "admitted", twice("grant")).in(Style.CROWD),
        new Mutant("what a dead caller was granted stays", "Grants", "lost", without("free"))
            .in(Style.CROWD),
        new Mutant("what is granted of a dead actor stays", "Grants", "actorEnded",
            without("free")).in(Style.CROWD),
        new Mutant("bytes have no limit", "Pending", "reserve",
            constant("maxBytes", Integer.MAX_VALUE)).in(Style.CROWD),
        new Mutant("room that is not needed is not given back", "Grants", "giveBack",
            without("send")).in(Style.CROWD),
        new Mutant("what was granted is not counted down", "Grants", "use", without("take", 1))
            .in(Style.CROWD),
        new Mutant("who does not wait any more does not say so", "RemoteCell", "ask",
            without("open")).in(Style.CROWD),
        new Mutant("a fence is not answered", "Hosting", "room", without("grant")).in(Style.CROWD),
        new Mutant("a call passes one that came back", "Hosting", "enters",
            answer("returns", 0)).in(Style.CROWD),
        new Mutant("a call that came back is forgotten", "RemoteCell", "returned",
            without("add")).in(Style.CROWD),
        new Mutant("a call that is dropped keeps its room", "RemoteCall", "leave",
            without("giveCreditBack")).in(Style.CROWD),
        // streams
        new Mutant("the producer is not told what was read", "Inflow", "tellRead",
            without("sendAlone")).in(Style.STREAMS),
        new Mutant("the last that was read is not told", "Inflow", "<init>", without("onEnd"))
            .in(Style.STREAMS),
        new Mutant("a producer runs ahead without a limit", "Channel", "tryPut",
            constant("capacity", Integer.MAX_VALUE)).in(Style.STREAMS),
        new Mutant("an element is sent twice", "Outflow", "sendHeld", twice("send"))
            .in(Style.STREAMS),
        new Mutant("a stream is closed by dropping alone", "StreamHandle", "close",
            without("cancel")).in(Style.STREAMS),
        // what had begun
        new Mutant("what begins is not noted", "Inbound", "begins", without("begins")),
        new Mutant("it is noted for another call", "Inbound", "begins", constant("id", 1 << 20)),
        new Mutant("what had begun is taken for not begun", "Peer", "tellLoss",
            answer("test", 0)));
  }

  /** A seed that passes on the sound engine fails on the faulty one. */
  @ParameterizedTest
  @MethodSource("mutants")
  void fault_isFound(Mutant mutant) {
    new Seeds((simulator, seed, verbose) -> simulator.runMany(mutant.style(), seed, verbose))
        .find(mutant, SOUND, SEEDS);
  }
}
