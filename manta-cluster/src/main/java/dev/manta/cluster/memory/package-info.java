/** Large objects in memory that the processes of a host share. */
@NullMarked
package dev.manta.cluster.memory;

import org.jspecify.annotations.NullMarked;
