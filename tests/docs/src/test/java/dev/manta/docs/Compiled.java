package dev.manta.docs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The classes of a snippet, compiled in memory, and their loader. */
final class Compiled extends ClassLoader {
  private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

  private Compiled() {
    super(Support.class.getClassLoader());
  }

  /** Compiles a snippet; an error names its page and line. */
  static Class<?> compile(Snippet snippet) throws ReflectiveOperationException {
    Compiled loader = new Compiled();
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    JavaFileManager files = loader.new Files(javac.getStandardFileManager(problems, null, null));
    String classPath = System.getProperty(
        "surefire.test.class.path", System.getProperty("java.class.path"));
    boolean done = javac.getTask(
        null, files, problems, List.of("-g", "-proc:none", "-classpath", classPath), null,
        List.of(new Source(snippet))).call();
    if (!done) {
      StringBuilder text = new StringBuilder("a snippet does not compile");
      problems.getDiagnostics()
          .forEach(
              p -> text.append("\n  ")
                  .append(snippet.page())
                  .append(':')
                  .append(p.getLineNumber())
                  .append(": ")
                  .append(p.getMessage(null)));
      throw new AssertionError(text.toString());
    }
    return loader.loadClass("dev.manta.docs." + snippet.className());
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    ByteArrayOutputStream bytes = classes.get(name);
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes.toByteArray(), 0, bytes.size());
  }

  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    ByteArrayOutputStream bytes = classes.get(name.replace('/', '.').replace(".class", ""));
    return bytes == null
        ? super.getResourceAsStream(name)
        : new ByteArrayInputStream(bytes.toByteArray());
  }

  /** The page as a source file. */
  private static final class Source extends SimpleJavaFileObject {
    private final Snippet snippet;

    Source(Snippet snippet) {
      super(URI.create("page:///" + snippet.page()), Kind.SOURCE);
      this.snippet = snippet;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return snippet.source();
    }
  }

  /** Keeps class files in memory. */
  private final class Files extends ForwardingJavaFileManager<JavaFileManager> {
    Files(JavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          classes.put(name, bytes);
          return bytes;
        }
      };
    }
  }
}
