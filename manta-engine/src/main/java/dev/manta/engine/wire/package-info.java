/** The bytes of frames: how numbers, texts and lists are written, and the limits of reading them. */
@NullMarked
package dev.manta.engine.wire;

import org.jspecify.annotations.NullMarked;
