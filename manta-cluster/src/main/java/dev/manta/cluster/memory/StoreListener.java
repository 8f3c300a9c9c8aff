package dev.manta.cluster.memory;

/** What a store tells its process. Calls come from any thread and must neither block nor throw. */
public interface StoreListener {
  /**
   * Memory is nearly full, or a put found no room in it. Who holds refs should collect its garbage, so
   * that refs that nobody can reach are released; a put that found none waits for room, at most
   * {@link StoreLimits#pressureWait}.
   *
   * @param bytes that were wanted
   */
  void pressure(long bytes);

  /**
   * This process has no mapping of the object left. It may be mapped again later and is then
   * reported again. A message about it must not overtake one that says that it is mapped.
   */
  void unmapped(Stored stored);
}
