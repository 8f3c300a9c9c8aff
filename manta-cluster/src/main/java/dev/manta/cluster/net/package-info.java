/** The data plane: frames between processes over unix domain sockets. */
@NullMarked
package dev.manta.cluster.net;

import org.jspecify.annotations.NullMarked;
