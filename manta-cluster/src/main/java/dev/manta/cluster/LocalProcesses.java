package dev.manta.cluster;

import dev.manta.LocalOptions;
import dev.manta.Manta;
import dev.manta.cluster.net.SocketTransport;
import dev.manta.cluster.workers.Exit;
import dev.manta.cluster.workers.PoolSettings;
import dev.manta.cluster.workers.RunDirectory;
import dev.manta.cluster.workers.Schedule;
import dev.manta.cluster.workers.Worker;
import dev.manta.cluster.workers.WorkerCommand;
import dev.manta.cluster.workers.WorkerMain;
import dev.manta.cluster.workers.WorkerPool;
import dev.manta.engine.Engine;
import dev.manta.engine.Peers;
import dev.manta.engine.Staff;
import dev.manta.engine.Transport;
import dev.manta.runtime.EmbeddedHost;
import dev.manta.runtime.ProcessesProvider;
import dev.manta.runtime.codec.KryoCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts a Manta whose tasks and actors run in worker processes of this machine. Found as a service. */
public final class LocalProcesses implements ProcessesProvider {
  /**
   * A worker whose sockets have closed has so long to end by itself, so that we can say how. One that
   * was asked to end has the grace of the pool.
   */
  private static final long EXIT_LIMIT_MS = 1_000;

  private static final Path RANDOM = Path.of("/dev/urandom");

  /** So long after its end what a worker has put in shared memory is removed. */
  private static final long ON_ITS_WAY_S = 10;

  /** When all processes that live have heard of a death, and have read what there is to read. */
  private static final Executor READ_BY_ALL =
      CompletableFuture.delayedExecutor(30, TimeUnit.SECONDS, Runnable::run);

  /** Called by the service loader. */
  public LocalProcesses() {}

  @Override
  public Manta start(LocalOptions options) {
    if (WorkerMain.runs()) {
      throw new IllegalStateException(
          "A worker process can't start workers of its own. A static field that starts a Manta does so"
              + " in each process that loads its class: start it in main, and use Manta.current() in"
              + " tasks and actors. Manta.start() without processes works here.");
    }
    return new Run(options).driver;
  }

  /** The processes of one Manta. */
  private static final class Run implements Transport.Receiver, Staff {
    final Engine driver;
    private final Peers peers;
    private final WorkerPool pool;
    private final SocketTransport transport;
    private final @Nullable RunDirectory memory;
    private final SharedFolders folders;
    private final SharedObjects objects;
    private final SharedBeginnings beginnings;
    private final Map<Integer, Worker> taken = new ConcurrentHashMap<>();

    /** Why workers were ended that have not ended yet. */
    private final Map<Integer, String> endedFor = new ConcurrentHashMap<>();

    /** The worker that starts before the driver has asked for it; null once it has. */
    private final AtomicReference<@Nullable CompletableFuture<Worker>> first =
        new AtomicReference<>();

    private final Duration silence;
    private final int most;
    private final int cpusOfEach;
    private final long idleNs;
    private final Collector collector = new Collector(Duration.ofSeconds(1));
    private volatile boolean closed;

    /* The JVM of a worker starts while this process gets ready to be spoken to. */
    Run(LocalOptions options) {
      this.silence = options.silence();
      this.most = options.processes();
      this.idleNs = options.idleTime().toNanos();
      double cpus = Math.max(options.cpus(), most);
      this.cpusOfEach = WorkerOptions.cpusOfEach(cpus, most);
      Thread.ofPlatform().daemon().name("manta-prepare").start(WorkerCommand::prepare);
      RunDirectory directory = RunDirectory.open();
      CompletableFuture<byte[]> secret = new CompletableFuture<>();
      CompletableFuture<byte[]> configuration = new CompletableFuture<>();
      CompletableFuture<byte[]> ready = new CompletableFuture<>();
      pool =
          WorkerPool.open(
              directory,
              command(directory, options),
              WorkerNode.class,
              secret::join,
              configuration::join,
              ready::join,
              PoolSettings.of(most),
              Schedule.start());
      CompletableFuture<Worker> early = new CompletableFuture<>();
      first.set(early);
      pool.take(early);
      memory = SharedFolders.inMemory(directory.path());
      try {
        secret.complete(newSecret());
        configuration.complete(WorkerOptions.write(options.cpus(cpusOfEach)));
        ClassLoader loader = loaderOfProgram();
        driver = new Engine(new EmbeddedHost(), new KryoCodec(loader), options.cpus(cpus));
        peers = driver.distribute(0, loader);
        transport = SocketTransport.open(0, directory.path(), secret.join(), this);
        folders = SharedFolders.of(directory.path());
        directory.removeLeftovers();
        if (memory != null) {
          memory.removeLeftovers();
        }
        objects = new SharedObjects(folders, 0);
        beginnings = SharedBeginnings.reading(folders, 0);
        peers.share(objects);
        peers.note(beginnings);
        peers.onJoin(pool::ready);
        peers.onEnd(this::kill);
        peers.connect(transport);
      } catch (IOException e) {
        abandon(e, secret, configuration, ready);
        throw new UncheckedIOException("no socket for worker processes", e);
      } catch (RuntimeException | Error e) {
        abandon(e, secret, configuration, ready);
        throw e;
      }
      driver.whenClosed(this::close);
      peers.begin(this);
      ready.complete(Selectors.provider());
    }

    /** The thread's, if it loads classes of the class path anew, as tools do for a quick restart. */
    private static ClassLoader loaderOfProgram() {
      ClassLoader own = LocalProcesses.class.getClassLoader();
      ClassLoader context = Thread.currentThread().getContextClassLoader();
      for (ClassLoader l = context; l != null; l = l.getParent()) {
        if (l.equals(own)) {
          return context;
        }
      }
      return own;
    }

    /** From the system itself where it gives them: the JDK's providers take 30 ms to load. */
    private static byte[] newSecret() throws IOException {
      byte[] secret = new byte[SocketTransport.SECRET_BYTES];
      if (Files.isReadable(RANDOM)) {
        try (InputStream random = Files.newInputStream(RANDOM)) {
          if (random.readNBytes(secret, 0, secret.length) == secret.length) {
            return secret;
          }
        }
      }
      new SecureRandom().nextBytes(secret);
      return secret;
    }

    /** There will be no driver: its workers end. */
    private void abandon(Throwable why, CompletableFuture<?>... awaited) {
      for (CompletableFuture<?> future : awaited) {
        future.completeExceptionally(why);
      }
      pool.close(Duration.ZERO);
      closeMemory();
    }

    private void closeMemory() {
      if (memory != null) {
        memory.close();
      }
    }

    /** The command of the workers; leaves no folder if there can be none. */
    private static WorkerCommand command(RunDirectory directory, LocalOptions options) {
      try {
        return WorkerCommand.of(
            directory,
            MachineMemory.bytes(),
            options.processes() + 1,
            options.jvmOptions());
      } catch (RuntimeException e) {
        directory.close();
        throw e;
      }
    }

    @Override
    public int most() {
      return most;
    }

    @Override
    public int mostAlone() {
      return WorkerPool.MOST_ALONE;
    }

    @Override
    public int cpusOfEach() {
      return cpusOfEach;
    }

    @Override
    public long idleNs() {
      return idleNs;
    }

    @Override
    public void start() {
      CompletableFuture<Worker> early = first.getAndSet(null);
      CompletableFuture<Worker> future =
          early == null ? new CompletableFuture<>() : early; // which is taken already
      whenThere(future, worker -> peers.admit(worker.number()), peers::noWorkers);
      if (early == null) {
        pool.take(future);
      }
    }

    @Override
    public void startAlone(long ticket, List<String> jvmOptions) {
      CompletableFuture<Worker> future = new CompletableFuture<>();
      whenThere(
          future,
          worker -> peers.admitAlone(ticket, worker.number()),
          error -> peers.noWorkerAlone(ticket, error));
      if (jvmOptions.isEmpty()) {
        pool.take(future);
      } else {
        pool.takeOwn(future, jvmOptions);
      }
    }

    /** Has a worker used that is to come; on the pool's thread. */
    private void whenThere(
        CompletableFuture<Worker> future, Consumer<Worker> use, Consumer<Throwable> failed) {
      var _ =
          future.whenComplete(
              (worker, error) -> {
                if (worker != null) {
                  taken.put(worker.number(), worker);
                  transport.watch(worker.number(), silence, () -> endSilent(worker.number()));
                  use.accept(worker);
                  var _ = worker.onExit().thenAccept(exit -> ended(worker, exit));
                } else if (!closed) {
                  failed.accept(Objects.requireNonNull(error));
                }
              });
    }

    @Override
    public void end(int number) {
      Worker worker = taken.get(number);
      if (worker != null) {
        pool.end(worker);
      }
    }

    @Override
    public void collect() {
      collector.collect();
    }

    private void endSilent(int number) {
      kill(number, "gave no sign of life for " + silence + " and was ended");
    }

    /** Ends a worker at once, also a stopped one. */
    private void kill(int number, String why) {
      Worker worker = taken.get(number);
      if (worker != null && endedFor.putIfAbsent(number, why) == null) {
        worker.kill();
      }
    }

    private void ended(Worker worker, Exit exit) {
      if (!closed) {
        String description = exit.describe();
        String subject = "worker " + worker.number() + " ";
        String how =
            description.startsWith(subject)
                ? description.substring(subject.length())
                : description;
        String why = endedFor.remove(worker.number());
        peers.lost(worker.number(), why == null ? how : why + ": " + how);
        taken.remove(worker.number()); // not before: its sockets know less of its end
        removeObjectsOf(worker);
        READ_BY_ALL.execute(() -> beginnings.remove(worker.number()));
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
      if (worker.isAsked()) {
        return;
      }
      var _ =
          worker.onExit()
              .toCompletableFuture()
              .copy()
              .orTimeout(EXIT_LIMIT_MS, TimeUnit.MILLISECONDS)
              .exceptionally(late -> {
                kill(peer, "closed its sockets and did not end within a second");
                return null;
              });
    }

    void close() {
      closed = true;
      transport.close();
      pool.close();
      objects.close();
      beginnings.close();
      closeMemory();
    }
  }

}
