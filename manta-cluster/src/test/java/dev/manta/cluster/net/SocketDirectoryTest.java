package dev.manta.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No other user reaches a socket. */
class SocketDirectoryTest {
  private static final int MAX_PATH_BYTES = 106;

  @TempDir
  private Path directory;

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static SocketTransport open(int self, Path directory) throws IOException {
    return SocketTransport.open(self, directory, Network.SECRET, new Recorder());
  }

  /** The directory and the socket are for this user alone, and the socket goes at the end. */
  @Test
  void newDirectoryAndSocket_areForThisUserAlone() throws IOException {
    Path made = directory.resolve("a").resolve("b");

    SocketTransport transport = open(1, made);

    assertThat(permissions(made)).isEqualTo("rwx------");
    assertThat(permissions(made.resolve("1.sock"))).isEqualTo("rw-------");
    transport.close();
    assertThat(made).isEmptyDirectory();
  }

  /** A directory that others can enter, list or write to is not used. */
  @ParameterizedTest
  @ValueSource(strings = {"rwx--x---", "rwx-----x", "rwxr-xr-x", "rwxrwxrwx", "rwx-w----"})
  void directoryForOthers_isRefused(String permissions) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));

    assertThatThrownBy(() -> open(1, directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("can be entered by other users")
        .hasMessageContaining(permissions)
        .hasMessageContaining("chmod 700");
    assertThat(directory).isEmptyDirectory();
  }

  /** A directory of another user is not used. */
  @Test
  void directoryOfAnotherUser_isRefused() throws IOException {
    Path foreign = Path.of("/");
    if (Files.getOwner(foreign).equals(Files.getOwner(directory))) {
      foreign = directory;
      Files.setAttribute(foreign, "unix:uid", 12_345);
    }

    Path refused = foreign;
    assertThatThrownBy(() -> open(1, refused))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("belongs to another user");
  }

  /** What is no directory is not used, nor a link to one. */
  @Test
  void linkToADirectory_isRefused() throws IOException {
    Path target = Files.createDirectory(directory.resolve("target"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), target);

    assertThatThrownBy(() -> open(1, link))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is no directory");
  }

  /** The longest path works; one more byte does not, and the error says what to do. */
  @Test
  void tooLongPath_isRefused() throws IOException {
    int suffix = "/999999.sock".length();
    String name = "x".repeat(MAX_PATH_BYTES - suffix - directory.toString().length() - 1);

    open(SocketTransport.MAX_PEER, directory.resolve(name)).close();

    assertThatThrownBy(() -> open(1, directory.resolve(name + "x")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too long by 1 bytes")
        .hasMessageContaining("choose a directory with a shorter path");
  }

  /** Two processes of one number can't be. */
  @Test
  void takenNumber_isRefused() throws IOException {
    Path made = directory.resolve("net");
    SocketTransport first = open(1, made);

    assertThatThrownBy(() -> open(1, made))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Process 1 cannot listen at");

    assertThat(Files.exists(made.resolve("1.sock"))).isTrue();
    first.close();
  }

  /** A secret has its length. */
  @Test
  void shortSecret_isRefused() {
    assertThatThrownBy(() -> SocketTransport.open(1, directory, new byte[31], new Recorder()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("31");
  }
}
