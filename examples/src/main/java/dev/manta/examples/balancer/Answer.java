package dev.manta.examples.balancer;

import dev.manta.Manta;
import dev.manta.examples.support.Reply;

/**
 * What a call of the load balancer returns.
 *
 * @param reply what goes to the client
 * @param process the number of the process that the call ran in
 * @param attempt which attempt of the call gave the reply, from 1
 */
record Answer(Reply reply, int process, int attempt) {
  /** A reply from here. */
  static Answer of(Reply reply) {
    return new Answer(reply, Manta.current().process(), Manta.attempt());
  }
}
