package dev.manta.cluster.workers;

/**
 * What a worker process runs: the class that its configuration names, which has a constructor without
 * parameters.
 */
public interface WorkerProgram {
  /**
   * Does the work of the process, on its main thread; the process exits with code 0 when it
   * returns. {@code System.in} is at its end. If it throws, the error is printed and the process
   * exits with {@link WorkerMain#PROGRAM_FAILED}.
   */
  void run(WorkerConfig config) throws Exception;

  /**
   * Has {@link #run} return once the accepted work is done. Called once, at the first SIGTERM, on a
   * thread of its own and possibly before {@code run}; may return before that. The process
   * exits at the second SIGTERM.
   */
  void drain() throws Exception;
}
