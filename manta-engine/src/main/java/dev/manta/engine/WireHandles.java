package dev.manta.engine;

import dev.manta.ActorOptions;
import dev.manta.ActorRef;
import dev.manta.engine.wire.WireException;
import dev.manta.engine.wire.WireReader;
import dev.manta.engine.wire.WireWriter;
import java.util.Map;

/** Writes and reads handles of actors in frames. The driver hears of each, so that it knows who holds one. */
final class WireHandles {
  private WireHandles() {}

  static void write(Peer to, WireWriter out, ActorRef<?> actor) {
    Peers peers = to.peers;
    long id;
    ActorOptions options;
    String className;
    Peer host = null;
    long epoch = 0;
    boolean isHere = false;
    if (actor instanceof ActorHandle<?> own) {
      id = own.cell.number;
      options = own.cell.options;
      className = own.cell.className();
      isHere = true;
    } else {
      RemoteCell cell = ((RemoteHandle<?>) actor).cell;
      id = cell.id;
      options = cell.options;
      className = cell.className;
      host = cell.isConfirmed() ? cell.host() : null;
      epoch = cell.epoch();
    }
    int where = isHere ? peers.self() + 1 : host == null || host.isLost() ? 0 : host.number + 1;
    peers.actors.holds(id, to.number, 1);
    out.ifCut(() -> peers.actors.holds(id, to.number, -1));
    out.writeUnsigned(id).writeUnsigned(where).writeUnsigned(epoch).writeText(className);
    WireOptions.write(out, options);
  }

  /** The number of an actor. */
  static long readId(WireReader in) {
    long id = in.readUnsigned();
    if (ActorIds.creator(id) > Transport.MAX_PEER) {
      throw new WireException("no process creates an actor of the number " + id);
    }
    return id;
  }

  static ActorRef<?> read(Peer from, WireReader in) {
    Peers peers = from.peers;
    RemoteActors actors = peers.actors;
    Directory directory = actors.directory;
    long id = readId(in);
    int where = in.readInt(Transport.MAX_PEER + 1);
    long epoch = in.readUnsigned();
    String className = in.readText();
    ActorOptions options = WireOptions.read(in, peers.engine.loader());
    ActorHandle<?> own = peers.hosting.handOut(id);
    if (own != null) {
      if (directory == null) { // which asks this process when no other one holds it
        actors.leases.letGoAtOnce(id, from.number);
      }
      return own;
    }
    RemoteLease lease = actors.leases.hold(id, options, className, from.number);
    RemoteCell cell = lease.cell;
    Death heard = peers.hosting.death(id); // which may have come before the handle
    if (heard != null) {
      cell.ended(heard);
    } else if (directory != null) { // which knows better than who has sent the handle
      directory.tell(cell);
    } else if (where > 0) {
      cell.at(peers.peer(where - 1), epoch);
      cell.confirm();
    } else { // asks: the driver says where, now or when it is known
      actors.letGo(id, Map.of());
    }
    return new RemoteHandle<>(lease);
  }
}
