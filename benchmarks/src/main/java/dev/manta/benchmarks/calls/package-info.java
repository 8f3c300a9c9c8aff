/** The rate and the time of calls. */
@NullMarked
package dev.manta.benchmarks.calls;

import org.jspecify.annotations.NullMarked;
