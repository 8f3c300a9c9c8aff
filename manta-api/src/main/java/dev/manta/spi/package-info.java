/** What an engine implements to stand behind {@link dev.manta.Manta}. Not for users. */
@NullMarked
package dev.manta.spi;

import org.jspecify.annotations.NullMarked;
