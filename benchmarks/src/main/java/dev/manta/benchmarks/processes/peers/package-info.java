/** The peers' programs: each prints lines of a name and a whole number. */
@NullMarked
package dev.manta.benchmarks.processes.peers;

import org.jspecify.annotations.NullMarked;
