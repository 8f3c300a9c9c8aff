package dev.manta.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineMemoryTest {
  private static final long GIB = 1L << 30;

  @TempDir
  Path root;

  @Test
  void bytes_areWhatTheJvmFindsToo() {
    assertThat(MachineMemory.bytes())
        .isEqualTo(
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize());
  }

  @Test
  void withoutLimits_itIsTheMachines() throws Exception {
    write("proc/meminfo", "MemTotal:       16777216 kB\nMemFree:   1 kB\n");
    write("proc/self/cgroup", "0::/user.slice\n");
    write("sys/fs/cgroup/user.slice/memory.max", "max\n");

    assertThat(MachineMemory.bytes(root)).isEqualTo(16 * GIB);
  }

  @Test
  void limitOfAGroupAbove_holds() throws Exception {
    write("proc/meminfo", "MemTotal:       16777216 kB\n");
    write("proc/self/cgroup", "0::/user.slice/job/step\n");
    write("sys/fs/cgroup/user.slice/job/step/memory.max", "max\n");
    write("sys/fs/cgroup/user.slice/job/memory.max", 2 * GIB + "\n");
    write("sys/fs/cgroup/user.slice/memory.max", 4 * GIB + "\n");

    assertThat(MachineMemory.bytes(root)).isEqualTo(2 * GIB);
  }

  @Test
  void inAContainerThatSeesOnlyItsOwnGroup_itsLimitHolds() throws Exception {
    write("proc/meminfo", "MemTotal:       16777216 kB\n");
    write("proc/self/cgroup", "0::/../../docker/0123\n");
    write("sys/fs/cgroup/memory.max", GIB + "\n");

    assertThat(MachineMemory.bytes(root)).isEqualTo(GIB);
  }

  @Test
  void olderGroups_limitToo() throws Exception {
    write("proc/meminfo", "MemTotal:       16777216 kB\n");
    write("proc/self/cgroup", "9:cpu,cpuacct:/a\n8:memory:/docker/0123\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write("sys/fs/cgroup/memory/docker/0123/memory.limit_in_bytes", 3 * GIB + "\n");

    assertThat(MachineMemory.bytes(root)).isEqualTo(3 * GIB);
  }

  @Test
  void otherSystems_haveNone() {
    assertThat(MachineMemory.bytes(root)).isZero();
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
