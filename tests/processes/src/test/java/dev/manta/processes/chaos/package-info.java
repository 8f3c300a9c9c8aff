/** A random program whose worker processes are killed while it runs. */
@org.jspecify.annotations.NullMarked
package dev.manta.processes.chaos;
