package dev.manta.cluster;

import dev.manta.LocalOptions;
import dev.manta.cluster.net.SocketTransport;
import dev.manta.cluster.workers.WorkerConfig;
import dev.manta.cluster.workers.WorkerProgram;
import dev.manta.engine.Engine;
import dev.manta.engine.Peers;
import dev.manta.runtime.EmbeddedHost;
import dev.manta.runtime.codec.KryoCodec;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

/** What a worker process runs: an engine that other processes give work. */
public final class WorkerNode implements WorkerProgram {
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final CountDownLatch end = new CountDownLatch(1);

  /** Called by the main class of a worker. */
  public WorkerNode() {}

  @Override
  public void run(WorkerConfig config) throws Exception {
    SharedFolders folders = SharedFolders.of(config.runDirectory());
    var beginnings =
        new FutureTask<>(() -> SharedBeginnings.noting(folders, config.number())); // takes a moment, and nothing needs it yet
    Thread.ofPlatform().daemon().name("manta-prepare").start(beginnings);
    ClassLoader loader = WorkerNode.class.getClassLoader();
    KryoCodec codec = new KryoCodec(loader);
    LocalOptions options = WorkerOptions.read(codec, config.configuration());
    Engine engine = new Engine(new WorkerHost(), codec, options);
    Peers peers = engine.distribute(config.number(), loader);
    Selectors.use(config.awaitParent());
    try (SharedObjects objects =
        new SharedObjects(folders, config.number());
        SocketTransport transport =
            SocketTransport.open(
                config.number(), config.runDirectory(), config.secret(), peers)) {
      peers.share(objects);
      peers.note(beginnings.get());
      peers.connect(transport);
      // an exit ends this process for the others at once, however long the hooks of the program take
      Runnable leave = transport::close;
      Runtime.getRuntime().addShutdownHook(new Thread(leave, "manta-exit"));
      transport.beat(0, options.silence());
      peers.join((int) options.cpus());
      end.await();
      engine.drainHere(DRAIN);
      leave.run(); // now its actors live again elsewhere, as after a death
      engine.closeHere(Duration.ZERO);
    }
  }

  @Override
  public void drain() {
    end.countDown();
  }

  /** Threads and time of this JVM, which ends when it is out of memory. */
  private static final class WorkerHost extends EmbeddedHost {
    /** As the JVM itself ends with -XX:+ExitOnOutOfMemoryError: but not for memory off the heap. */
    private static final int OUT_OF_MEMORY = 3;

    @Override
    public void outOfMemory(OutOfMemoryError error) {
      System.err.println("Terminating due to " + error);
      System.err.flush();
      Runtime.getRuntime().halt(OUT_OF_MEMORY);
    }
  }
}
