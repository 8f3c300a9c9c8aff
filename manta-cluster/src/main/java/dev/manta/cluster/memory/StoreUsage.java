package dev.manta.cluster.memory;

/**
 * What one process holds, in bytes of whole segments, at one moment.
 *
 * @param usedBytes in memory, of objects that are stored
 * @param recycledBytes in memory, of free segments kept for the next objects
 * @param unlinkedBytes in memory, of objects without a name that readers may still map
 * @param spilledBytes on disk, of objects that are stored or that readers may still map
 * @param mappings of stored objects into this process, by whomever stored
 * @param limits what of
 */
public record StoreUsage(long usedBytes, long recycledBytes, long unlinkedBytes,
    long spilledBytes, int mappings, StoreLimits limits) {}
