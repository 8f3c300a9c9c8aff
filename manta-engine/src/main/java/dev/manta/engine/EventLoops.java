package dev.manta.engine;

/** Knows the threads of other libraries that must never wait. */
final class EventLoops {
  private EventLoops() {}

  /** Whether a thread is known as an event loop: of Netty, Vert.x or Reactor. */
  static boolean isEventLoop(Thread thread) {
    for (Class<?> c = thread.getClass(); c != null && c != Thread.class; c = c.getSuperclass()) {
      String name = c.getName();
      if (name.equals("io.netty.util.concurrent.FastThreadLocalThread")) {
        return !thread.getName().startsWith("vert.x-worker-thread")
            && !thread.getName().startsWith("vert.x-internal-blocking");
      }
      for (Class<?> i : c.getInterfaces()) {
        if (i.getName().equals("reactor.core.scheduler.NonBlocking")) {
          return true;
        }
      }
    }
    return false;
  }
}
