/** Manta's programs: each prints lines of a name and a whole number. */
@NullMarked
package dev.manta.benchmarks.processes.manta;

import org.jspecify.annotations.NullMarked;
