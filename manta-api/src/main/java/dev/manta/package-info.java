/**
 * Remote tasks, actors whose calls run concurrently on one event loop, and object refs that are
 * futures.
 */
@NullMarked
package dev.manta;

import org.jspecify.annotations.NullMarked;
