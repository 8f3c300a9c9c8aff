package dev.manta.engine;

final class JobStream {
  JobStream(JobCode code, JobCalls calls) {}
  void read() {}
}
