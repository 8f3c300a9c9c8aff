/** How long a program takes to its first result. */
@NullMarked
package dev.manta.benchmarks.start;

import org.jspecify.annotations.NullMarked;
