/** Copies of values, by Kryo. */
@NullMarked
package dev.manta.runtime.codec;

import org.jspecify.annotations.NullMarked;
