/** What the demos share: an HTTP server, clients that measure, and printing. Not about Manta. */
@NullMarked
package dev.manta.examples.support;

import org.jspecify.annotations.NullMarked;
