/** Starts jcstress, and fails the build by what it finds. */
package dev.manta.stress;
