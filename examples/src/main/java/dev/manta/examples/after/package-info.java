/** A service that quotes prices of options: HTTP in, futures and virtual threads, Monte Carlo. */
@NullMarked
package dev.manta.examples.after;

import org.jspecify.annotations.NullMarked;
