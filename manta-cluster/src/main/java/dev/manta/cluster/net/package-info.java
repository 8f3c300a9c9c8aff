/** The data plane: frames between processes over unix domain sockets or TCP. */
@NullMarked
package dev.manta.cluster.net;

import org.jspecify.annotations.NullMarked;
