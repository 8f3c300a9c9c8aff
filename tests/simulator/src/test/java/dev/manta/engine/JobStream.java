package dev.manta.engine;

import dev.manta.Emitter;
import dev.manta.MantaException;
import dev.manta.ObjectStream;
import java.util.Iterator;

/** A stream that code of one of many processes reads, and the code that produces it. */
final class JobStream {
  private static final int MOST = 12;

  private final JobCode code;
  private final JobCalls calls;
  private final Cluster cluster;

  JobStream(JobCode code, JobCalls calls) {
    this.code = code;
    this.calls = calls;
    this.cluster = code.cluster;
  }

  private int random(int bound) {
    return code.random.nextInt(bound);
  }

  // ---- the reader

  /** Begins a stream of an actor or a task and reads some of it, or all. */
  @SuppressWarnings("unchecked")
  void read() throws Exception {
    JobCode.Handle target = random(4) == 0 ? null : code.anyHandle();
    boolean mayBeEndless =
        cluster.plan.scarce() || (target != null && code.isCalledBy(target.kind()));
    if (!code.mayDoMore() || mayBeEndless) {
      return;
    }
    Job job = calls.job(target == null ? Job.TASK : target.kind());
    job.isLeaf = true;
    job.flow = new Job.Flow(target == null ? Streams.TASK_BUFFER : buffer(target.kind()));
    job.isSafe = false;
    cluster.log(() -> code.name + " begins the stream " + job);
    ObjectStream<Luggage> stream;
    try {
      stream = begin(target, job);
    } catch (MantaException e) {
      job.refused = e;
      throw e;
    }
    job.ref = (Ref<Object>) Reachability.field(stream, "producer");
    JobChecks.watch(job);
    code.stream = stream;
    try (stream) {
      read(job, stream.iterator(), random(3) == 0 ? random(MOST) : Integer.MAX_VALUE);
    } finally {
      code.stream = null;
      cluster.log(() -> code.name + " has read " + job.flow.read + " of " + job);
    }
  }

  private ObjectStream<Luggage> begin(JobCode.Handle target, Job job) {
    int number = job.number;
    if (target == null) {
      return code.process.engine.stream(out -> Cluster.produce(number, null, out));
    }
    job.actor = Cluster.id(target.actor());
    return target.actor().stream((x, out) -> Cluster.produce(number, x, out));
  }

  private int buffer(int kind) {
    return cluster.plan.kinds().get(kind).streamBuffer();
  }

  private void read(Job job, Iterator<Luggage> elements, int most) throws Exception {
    Job.Flow flow = job.flow;
    while (flow.read < most) {
      flow.asked++;
      Luggage element = code.suspended(() -> elements.hasNext() ? elements.next() : null);
      if (element == null) {
        if (flow.read != flow.emitted) {
          cluster.violated(job + " ends after " + flow.read + " elements of " + flow.emitted);
        }
        return;
      }
      if (element.number != flow.read) {
        cluster.violated(job + " gives element " + element.number + " in place " + flow.read);
      }
      flow.read++;
    }
  }

  // ---- the producer

  /** The code of a call or task that produces. */
  void produce(Emitter<Luggage> out) throws Exception {
    Job.Flow flow = code.job.flow;
    int n = random(MOST);
    for (int i = 0; i < n; i++) {
      Luggage element = new Luggage(i, random(8) == 0 ? Luggage.LARGE : 0);
      code.suspended(
          () -> {
            if (random(3) == 0) {
              cluster.scheduler.sleep(random(3) * Cluster.MS);
            }
            out.emit(element);
            return null;
          });
      flow.emitted++;
      if (flow.emitted > flow.asked + flow.window) {
        cluster.violated(
            code.job + " has emitted " + flow.emitted + ", and " + flow.asked + " were asked for");
      }
    }
  }
}
