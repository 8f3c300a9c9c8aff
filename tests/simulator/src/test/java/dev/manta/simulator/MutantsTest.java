package dev.manta.simulator;

import static dev.manta.simulator.Mutant.answer;
import static dev.manta.simulator.Mutant.confuse;
import static dev.manta.simulator.Mutant.constant;
import static dev.manta.simulator.Mutant.constants;
import static dev.manta.simulator.Mutant.returns;
import static dev.manta.simulator.Mutant.unwritten;
import static dev.manta.simulator.Mutant.without;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulator can fail: faults in the code behind each invariant, and that it finds them. */
class MutantsTest {
  private static final int SEEDS = 2_000;
  private static final Simulator SOUND = EngineLoader.simulator();

  static Stream<Mutant> mutants() {
    return Stream.of(
        // each ref ends once (CONTRACT 1)
        new Mutant("a ref completes twice", "Ref", "finish", without("isTerminal")),
        new Mutant(
            "a waiter is lost that comes as the ref completes", "Ref", "subscribe",
            answer("compareAndSet", 1)),
        new Mutant(
            "an item is lost that comes as the turn is given up", "Mailbox", "release",
            answer("compareAndSet", 1)),
        new Mutant("the dead leave their calls untold", "Incarnation", "tellAll", without("died")),
        // honesty (CONTRACT 2)
        new Mutant("running code is told as not executed", "Work", "stop", answer("neverRan", 1)),
        new Mutant(
            "a call starts though it was dropped meanwhile", "Task", "run", answer("step", 1)),
        // order (CONTRACT 4)
        new Mutant(
            "the newest of the deferred starts first", "CallList", "removeFirst",
            confuse("first", "last")),
        new Mutant(
            "calls pass an earlier one that is not ready", "Sequencer", "next",
            answer("contains", 0)),
        new Mutant(
            "code starts before the refs that it captured", "Gate", "advance",
            answer("isDone", 1)),
        // one thread at a time (CONTRACT 5)
        new Mutant("two hold the turn", "TurnRunner", "runInTurn", constants(0, 1)),
        new Mutant("a wait is ended twice", "Runner", "wake", without("compareAndSet", 1)),
        // limits (CONTRACT 6)
        new Mutant("more start than may", "Incarnation", "canStart", returns(1)),
        new Mutant(
            "more are pending than may", "Pending", "reserve",
            constant("maxCalls", Integer.MAX_VALUE)),
        new Mutant("nobody counts down what is pending", "Call", "leave", without("leave")),
        new Mutant(
            "who waits for room is not told of calls that left in a turn", "Call",
            "leaveAndComplete", without("admitWaiting")),
        new Mutant("a place is not freed", "Incarnation", "free", without("takeNext")),
        new Mutant("CPUs are not given back", "Placement", "give", unwritten("freeCpu")),
        // deadlines and cancels (CONTRACT 10)
        new Mutant("a deadline is not watched", "Work", "startDeadline", without("schedule")),
        new Mutant("a deadline outlives its call", "Work", "onCompletion", without("cancel")),
        new Mutant("a cancel does not reach the children", "Work", "tellCode",
            without("cancelAll")),
        new Mutant("a cancel does not wake the code", "Work", "tellCode", without("wake", 1)),
        // nothing is left, nothing is reachable
        new Mutant("an ended call stays in its list", "Incarnation", "free", without("remove")),
        new Mutant("an actor outlives its handles", "ActorCell", "unreachable", without("kill")),
        new Mutant("an idle thread stays", "Tasks", "close", without("hand")),
        new Mutant("an error is never reported", "Ref$Failure", "watch",
            without("whenUnreachable")));
  }

  /** A seed that passes on the sound engine fails on the faulty one. */
  @ParameterizedTest
  @MethodSource("mutants")
  void fault_isFound(Mutant mutant) {
    new Seeds(Simulator::run).find(mutant, SOUND, SEEDS);
  }
}
