/** The API of Manta: what a program imports. */
module dev.manta {
  requires static org.jspecify;

  exports dev.manta;
  exports dev.manta.spi to
      dev.manta.engine,
      dev.manta.runtime;

  /* Its own lambdas and values travel like a user's. */
  opens dev.manta;

  uses dev.manta.spi.MantaProvider;
}
