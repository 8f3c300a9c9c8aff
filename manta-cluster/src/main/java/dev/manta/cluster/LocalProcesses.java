package dev.manta.cluster;

import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.cluster.net.NettyTransport;
import dev.manta.cluster.workers.RunDirectory;
import dev.manta.cluster.workers.Schedule;
import dev.manta.cluster.workers.Worker;
import dev.manta.cluster.workers.WorkerCommand;
import dev.manta.cluster.workers.WorkerPool;
import dev.manta.engine.Engine;
import dev.manta.engine.Peers;
import dev.manta.engine.Transport;
import dev.manta.runtime.EmbeddedHost;
import dev.manta.runtime.ProcessesProvider;
import dev.manta.runtime.codec.KryoCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Starts a Manta whose tasks and actors run in worker processes of this machine. Found as a service. */
public final class LocalProcesses implements ProcessesProvider {
  /** A worker whose sockets have closed has so long to end by itself, so that we can say how. */
  private static final long EXIT_LIMIT_MS = 1_000;

  /** So long after its end what a worker has put in shared memory is removed. */
  private static final long ON_ITS_WAY_S = 10;

  /** When all processes that live have heard of a death, and have read what there is to read. */
  private static final Executor READ_BY_ALL =
      CompletableFuture.delayedExecutor(30, TimeUnit.SECONDS, Runnable::run);

  /** Called by the service loader. */
  public LocalProcesses() {}

  @Override
  public Manta start(LocalOptions options) {
    return new Run(options).driver;
  }

  /** The processes of one Manta. */
  private static final class Run implements Transport.Receiver {
    final Engine driver;
    private final Peers peers;
    private final WorkerPool pool;
    private final NettyTransport transport;
    private final SharedFolders folders;
    private final SharedObjects objects;
    private final SharedBeginnings beginnings;
    private final Map<Integer, Worker> taken = new ConcurrentHashMap<>();

    /** Why workers were ended that have not ended yet. */
    private final Map<Integer, String> endedFor = new ConcurrentHashMap<>();

    private final Duration silence;
    private volatile boolean closed;

    /* The JVMs of the workers start while this process gets ready to be spoken to. */
    Run(LocalOptions options) {
      silence = options.silence();
      int workers = options.processes();
      double cpus = Math.max(options.cpus(), workers);
      byte[] forWorkers =
          WorkerOptions.write(options.cpus(WorkerOptions.cpusOfEach(cpus, workers)));
      byte[] secret = new byte[NettyTransport.SECRET_BYTES];
      new SecureRandom().nextBytes(secret);
      RunDirectory directory = RunDirectory.open();
      CompletableFuture<byte[]> ready = new CompletableFuture<>();
      pool =
          WorkerPool.open(
              directory,
              WorkerCommand.of(directory, workers + 1, options.jvmOptions()),
              WorkerNode.class,
              secret,
              number -> ready.join(),
              WorkerPool.Settings.of(workers),
              Schedule.start());
      List<CompletableFuture<Worker>> first = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        first.add(pool.take());
      }
      try {
        ClassLoader loader = LocalProcesses.class.getClassLoader();
        driver = new Engine(new EmbeddedHost(), new KryoCodec(loader), options.cpus(cpus));
        peers = driver.distribute(0, loader);
        transport = NettyTransport.open(0, directory.path(), secret, this);
        folders = SharedFolders.of(directory.path());
        SharedFolders.removeLeftovers(directory.path());
        objects = new SharedObjects(folders, 0);
        beginnings = SharedBeginnings.reading(folders, 0);
        peers.share(objects);
        peers.note(beginnings);
        peers.onJoin(pool::ready);
        peers.onEnd(this::end);
        peers.connect(transport);
      } catch (IOException e) {
        abandon(ready, e);
        throw new UncheckedIOException("no socket for worker processes", e);
      } catch (RuntimeException | Error e) {
        abandon(ready, e);
        throw e;
      }
      driver.whenClosed(this::close);
      ready.complete(forWorkers);
      first.forEach(this::beginWhenReady);
    }

    /** There will be no driver: its workers end. */
    private void abandon(CompletableFuture<?> ready, Throwable why) {
      ready.completeExceptionally(why);
      pool.close(Duration.ZERO);
    }

    private void beginWhenReady(CompletableFuture<Worker> taken) {
      var _ =
          taken.whenComplete(
              (worker, error) -> {
                if (worker != null) {
                  begin(worker);
                } else if (!closed) {
                  peers.noWorkers(java.util.Objects.requireNonNull(error));
                }
              });
    }

    private void begin(Worker worker) {
      taken.put(worker.number(), worker);
      transport.watch(
          worker.number(),
          silence,
          () -> end(worker.number(), "gave no sign of life for " + silence + " and was ended"));
      peers.admit(worker.number());
      var _ = worker.onExit().thenAccept(exit -> ended(worker, exit.describe()));
    }

    /** Ends a worker at once, also a stopped one. */
    private void end(int number, String why) {
      Worker worker = taken.get(number);
      if (worker != null && endedFor.putIfAbsent(number, why) == null) {
        worker.kill();
      }
    }

    private void ended(Worker worker, String description) {
      if (taken.remove(worker.number()) != null && !closed) {
        String subject = "worker " + worker.number() + " ";
        String how =
            description.startsWith(subject)
                ? description.substring(subject.length())
                : description;
        String why = endedFor.remove(worker.number());
        peers.lost(worker.number(), why == null ? how : why + ": " + how);
        removeObjectsOf(worker);
        READ_BY_ALL.execute(() -> beginnings.remove(worker.number()));
        beginWhenReady(pool.take());
      }
    }

    /** Some time later: of what it has sent last, some may be on its way. */
    private void removeObjectsOf(Worker ended) {
      CompletableFuture.delayedExecutor(ON_ITS_WAY_S, TimeUnit.SECONDS, Thread::startVirtualThread)
          .execute(() -> {
            try {
              objects.removeOf(ended.number());
            } catch (UncheckedIOException e) {
              // the run is over, and its folders go
            }
          });
    }

    @Override
    public void received(int peer, ByteBuffer frame) {
      peers.received(peer, frame);
    }

    @Override
    public void lost(int peer, String why) {
      Worker worker = taken.get(peer);
      if (worker == null || closed) {
        peers.lost(peer, why);
        return;
      }
      var _ =
          worker.onExit()
              .toCompletableFuture()
              .copy()
              .orTimeout(EXIT_LIMIT_MS, TimeUnit.MILLISECONDS)
              .exceptionally(
                  late -> {
                    worker.kill(); // nobody can speak to it any more
                    return null;
                  });
    }

    void close() {
      closed = true;
      transport.close();
      pool.close();
      objects.close();
      beginnings.close();
      folders.remove();
    }
  }

}
