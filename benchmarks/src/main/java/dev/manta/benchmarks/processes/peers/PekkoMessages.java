package dev.manta.benchmarks.processes.peers;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.ByteBufferSerializer;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * The messages between Pekko's two processes, and how they become bytes: numbers by Pekko's own
 * serializer of numbers, which writes four bytes; the typed request by a serializer made for it,
 * which writes the number and where to reply. Both write fewer bytes than Jackson's CBOR would.
 */
final class PekkoMessages {
  private PekkoMessages() {}

  /** The typed actor's request; the classic one's is an Integer. */
  record Add(int amount, ActorRef<Integer> replyTo) {}

  /**
   * Remote actors over TCP on the loopback interface, quiet; with one inbound lane, for which Pekko
   * promises the lowest latency.
   */
  static Config config() {
    Config config = ConfigFactory.parseString("""
        pekko {
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          actor {
            provider = remote
            allow-java-serialization = off
            serializers.add = "%s"
            serialization-bindings { "%s" = add }
          }
          remote {
            warn-about-direct-use = off
            artery {
              transport = tcp
              canonical.hostname = "127.0.0.1"
              canonical.port = 0
              advanced.inbound-lanes = 1
            }
          }
        }
        """.formatted(AddSerializer.class.getName(), Add.class.getName()));
    // what the command line says comes first
    return ConfigFactory.defaultOverrides().withFallback(config).withFallback(ConfigFactory.load());
  }

  /** Pekko makes one for each system. */
  static final class AddSerializer extends SerializerWithStringManifest
      implements
      ByteBufferSerializer {
    private static final int IDENTIFIER = 1_270_001;

    private final ExtendedActorSystem system;

    AddSerializer(ExtendedActorSystem system) {
      this.system = system;
    }

    @Override
    public int identifier() {
      return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
      return "";
    }

    @Override
    public void toBinary(Object message, ByteBuffer buffer) {
      Add add = (Add) message;
      buffer.putInt(add.amount());
      buffer.put(resolver().toSerializationFormat(add.replyTo()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public byte[] toBinary(Object message) {
      ByteBuffer buffer = ByteBuffer.allocate(1024);
      toBinary(message, buffer);
      return java.util.Arrays.copyOf(buffer.array(), buffer.position());
    }

    @Override
    public Object fromBinary(ByteBuffer buffer, String manifest) {
      int amount = buffer.getInt();
      byte[] path = new byte[buffer.remaining()];
      buffer.get(path);
      return new Add(
          amount, resolver().resolveActorRef(new String(path, StandardCharsets.UTF_8)));
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
      return fromBinary(ByteBuffer.wrap(bytes), manifest);
    }

    private ActorRefResolver resolver() {
      return ActorRefResolver.get(Adapter.toTyped(system));
    }
  }
}
