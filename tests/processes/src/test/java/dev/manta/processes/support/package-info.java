/** What the tests of worker processes share. */
@org.jspecify.annotations.NullMarked
package dev.manta.processes.support;
