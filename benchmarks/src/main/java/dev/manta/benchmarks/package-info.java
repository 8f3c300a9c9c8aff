/** Manta measured beside its peers, in one run. */
@NullMarked
package dev.manta.benchmarks;

import org.jspecify.annotations.NullMarked;
