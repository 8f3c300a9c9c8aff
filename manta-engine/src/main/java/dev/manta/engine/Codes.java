package dev.manta.engine;

import dev.manta.engine.wire.Frames;
import dev.manta.engine.wire.WireException;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.util.concurrent.ConcurrentHashMap;

/** The code of functions that two processes have told each other of: after that a number stands for it. */
final class Codes {
  /** The most codes, and the most bytes of them, that one process tells another of. */
  private static final int MAX_CODES = 100_000;

  private static final long MAX_BYTES = 64L << 20;

  private final Peer peer;
  private final ConcurrentHashMap<FunctionCode, Integer> sent = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Integer, FunctionCode> received = new ConcurrentHashMap<>();
  private int next;
  private long sentBytes;
  private long receivedBytes;

  Codes(Peer peer) {
    this.peer = peer;
  }

  /** The number of code for the peer, which knows it before whatever is sent after this. */
  int number(FunctionCode code) {
    Integer known = sent.get(code);
    return known == null ? tell(code) : known;
  }

  private int tell(FunctionCode code) {
    synchronized (this) {
      Integer known = sent.get(code);
      if (known != null) {
        return known;
      }
      StackProbe.ensureMuchRoom(); // a number that is taken and not told of would end the connection
      int number = next;
      WireWriter out = new WireWriter(Frames.CODE);
      out.writeUnsigned(number);
      int head = out.size();
      code.write(out, peer.engine.host);
      int bytes = out.size() - head;
      if (number >= MAX_CODES || sentBytes + bytes > MAX_BYTES) {
        throw new IllegalStateException(
            "this process has told " + peer + " of the code of " + number
                + " functions, and may not of more: submit functions of named classes, whose"
                + " number does not grow");
      }
      peer.send(out);
      next = number + 1;
      sentBytes += bytes;
      sent.put(code, number); // not before: others send their calls as soon as they see it
      return number;
    }
  }

  void received(WireReader in) {
    int number = in.readInt(MAX_CODES - 1);
    if (number != received.size()) {
      throw new WireException("the code " + number + " comes after " + received.size() + " others");
    }
    receivedBytes += in.remaining();
    if (receivedBytes > MAX_BYTES) {
      throw new WireException("there are more than " + MAX_BYTES + " bytes of code");
    }
    FunctionCode code = FunctionCode.read(in);
    in.end();
    received.put(number, code);
  }

  /** How many codes the peer has told of. */
  int known() {
    return received.size();
  }

  FunctionCode at(int number) {
    FunctionCode code = received.get(number);
    if (code == null) {
      throw new WireException("there is no code " + number);
    }
    return code;
  }
}
