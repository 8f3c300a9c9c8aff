/** A load balancer that is one async actor, and the program that shows it under load. */
@NullMarked
package dev.manta.examples.balancer;

import org.jspecify.annotations.NullMarked;
