/** The documentation, compiled and run. */
@org.jspecify.annotations.NullMarked
package dev.manta.docs;
