/** Heavy computation in an actor's handler, and the same moved to a task. */
@NullMarked
package dev.manta.examples.offload;

import org.jspecify.annotations.NullMarked;
