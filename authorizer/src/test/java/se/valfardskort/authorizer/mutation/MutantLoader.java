package se.valfardskort.authorizer.mutation;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A world of its own: loads the project's classes, tests included, afresh, some of them with a planted fault. What is
 * not the project's comes from the parent and is shared.
 *
 * <p>Thread-safe. A class with an edit is changed when it is loaded; {@link #requireAllLoaded} tells when one never
 * was.
 */
final class MutantLoader extends ClassLoader {
  private static final String OURS = "se.valfardskort.";

  /** Files are read once for all worlds. */
  private static final Map<String, byte[]> COMPILED = new ConcurrentHashMap<>();

  private final List<Edit> edits;

  static {
    registerAsParallelCapable();
  }

  MutantLoader(List<Edit> edits) {
    super(MutantLoader.class.getClassLoader());
    this.edits = List.copyOf(edits);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] bytes = COMPILED.get(name);
    if (bytes == null) {
      bytes = compiled(name);
      COMPILED.put(name, bytes);
    }
    for (Edit edit : edits) {
      if (edit.className().equals(name)) {
        bytes = Rewriter.rewrite(bytes, edit);
      }
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  private static byte[] compiled(String name) throws ClassNotFoundException {
    String file = name.replace('.', '/') + ".class";
    try (InputStream in = MutantLoader.class.getClassLoader().getResourceAsStream(file)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /** Throws where the code under test never came near an edit: such a mutant proves nothing. */
  void requireAllLoaded() {
    for (Edit edit : edits) {
      if (findLoadedClass(edit.className()) == null) {
        throw new MutationException(edit.where() + " was never loaded: nothing here uses that class");
      }
    }
  }
}
