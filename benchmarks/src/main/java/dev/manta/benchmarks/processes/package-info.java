/** Manta's worker processes beside peers that do the same work in processes of their own. */
@NullMarked
package dev.manta.benchmarks.processes;

import org.jspecify.annotations.NullMarked;
