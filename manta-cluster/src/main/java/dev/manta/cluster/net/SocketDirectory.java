package dev.manta.cluster.net;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;

/**
 * The sockets of the processes that work together: {@code <number>.sock} in a directory that only their
 * user can enter.
 */
final class SocketDirectory implements Sockets {
  /** The longest path of a socket, in bytes: Linux has 107, of which Java uses one less. */
  private static final int MAX_PATH_BYTES = 106;

  private static final String SUFFIX = ".sock";

  private final Path directory;

  private SocketDirectory(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes the directory if it is absent.
   *
   * @throws IOException if others than this user own it or can enter it, or paths in it are too long;
   *     it says what to do
   */
  static SocketDirectory open(Path path) throws IOException {
    Path directory = path.toAbsolutePath().normalize();
    Path longest = directory.resolve(SocketTransport.MAX_PEER + SUFFIX);
    int bytes = longest.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_PATH_BYTES) {
      throw new IOException(
          "The path of the directory for sockets is too long by "
              + (bytes - MAX_PATH_BYTES)
              + " bytes, because a socket's path may have "
              + MAX_PATH_BYTES
              + " at most: "
              + directory
              + "; choose a directory with a shorter path, such as one right below /tmp");
    }
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      create(directory);
    }
    check(directory);
    return new SocketDirectory(directory);
  }

  private static void create(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    var permissions = PosixFilePermissions.fromString("rwx------");
    try {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(permissions));
    } catch (FileAlreadyExistsException e) {
      // another process was faster; its directory is checked as any other
    }
  }

  private static void check(Path directory) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    String fault = null;
    if (!attributes.isDirectory()) {
      fault = "is no directory";
    } else if (!attributes.owner().equals(self(directory))) {
      fault = "belongs to another user, " + attributes.owner().getName();
    } else if (!PosixFilePermissions.toString(attributes.permissions()).endsWith("------")) {
      fault =
          "can be entered by other users, its permissions are "
              + PosixFilePermissions.toString(attributes.permissions());
    }
    if (fault != null) {
      throw new IOException(
          "The directory for sockets " + fault + ": " + directory
              + "; choose one that only this user can enter (chmod 700), or one that does not exist"
              + " yet");
    }
  }

  /** Who runs this process: the owner of a file that it makes. */
  private static UserPrincipal self(Path directory) throws IOException {
    String name = "owner-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    Path probe = directory.resolve(name);
    try {
      Files.createFile(probe);
    } catch (AccessDeniedException e) {
      probe = Files.createFile(Path.of(System.getProperty("java.io.tmpdir"), "manta-" + name));
    }
    try {
      return Files.getOwner(probe);
    } finally {
      Files.delete(probe);
    }
  }

  @Override
  public SocketAddress own(int self) {
    return address(self);
  }

  @Override
  public SocketAddress address(int number) {
    return UnixDomainSocketAddress.of(socket(number));
  }

  @Override
  public SocketChannel newSocket() throws IOException {
    return SocketChannel.open(StandardProtocolFamily.UNIX);
  }

  /** {@inheritDoc} Other users have no access. */
  @Override
  public ServerSocketChannel listen(int number) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(address(number), BACKLOG);
      // the directory has kept the others out so far
      Files.setPosixFilePermissions(
          socket(number),
          PosixFilePermissions.fromString("rw-------"));
    } catch (Throwable e) {
      server.close();
      throw e;
    }
    return server;
  }

  @Override
  public void remove(int number) throws IOException {
    Files.deleteIfExists(socket(number));
  }

  private Path socket(int number) {
    return directory.resolve(number + SUFFIX);
  }
}
