/** Manta's module descriptors, and named modules that use Manta on the module path. */
package dev.manta.modules;
