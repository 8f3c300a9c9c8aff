/** Worker processes: how they are started, watched and ended. */
@NullMarked
package dev.manta.cluster.workers;

import org.jspecify.annotations.NullMarked;
