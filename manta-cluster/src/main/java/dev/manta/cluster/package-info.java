/** Many processes: the same program on worker JVMs. */
@NullMarked
package dev.manta.cluster;

import org.jspecify.annotations.NullMarked;
