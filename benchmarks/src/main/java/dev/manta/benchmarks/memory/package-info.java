/** What waiting work occupies. */
@NullMarked
package dev.manta.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
