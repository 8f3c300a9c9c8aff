/** What the tests of behaviours share. */
package dev.manta.behaviours.support;
