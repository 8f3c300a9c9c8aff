package dev.manta.engine;

import java.util.List;

/**
 * An encoded value as it crosses to another process.
 *
 * @param form how the codec reads the bytes
 * @param bytes the codec's
 * @param blocks what stays out of the bytes for its size
 * @param handles refs and actor handles, which stay out of the bytes
 * @param classes the names of classes that the bytes refer to by number
 */
public record Portable(
    int form, Block bytes, List<Block> blocks, List<Object> handles, List<String> classes) {}
