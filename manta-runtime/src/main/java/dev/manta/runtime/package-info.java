/** Threads, time and memory of the engine in one JVM. */
@NullMarked
package dev.manta.runtime;

import org.jspecify.annotations.NullMarked;
