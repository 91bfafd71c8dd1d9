import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.tools.StandardJavaFileManager;
import net.openhft.chronicle.hash.VanillaGlobalMutableState;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.values.ValueModel;
import net.openhft.compiler.CompilerUtils;
import net.openhft.compiler.MyJavaFileManager;
import se.valfardskort.authorizer.storage.ChronicleStore;

/**
 * Part of the build, run from source behind the compiler: keeps the classes that Chronicle Map otherwise generates and
 * compiles whenever a process makes its first map, which takes a second of each start.
 *
 * <p>Chronicle looks for them on the class path before it compiles. They are made by making a map, and made
 * anew when the build comes to have another version of Chronicle. Run: {@code MapClasses <folder of classes>}.
 */
final class MapClasses {
  private static final String PACKAGE = "net/openhft";

  private MapClasses() {}

  public static void main(String[] arguments) throws IOException {
    Path classes = Path.of(arguments[0]);
    Path mark = classes.resolveSibling("map-classes.made-by");
    String madeBy = placeOf(ChronicleMap.class) + " " + placeOf(ValueModel.class);
    if (Files.exists(classes.resolve(PACKAGE)) && Files.exists(mark) && Files.readString(mark).equals(madeBy)) {
      return;
    }
    delete(classes.resolve(PACKAGE));
    // Chronicle brings a file manager of its own as soon as it knows of an interface; it is asked for the bytes.
    ValueModel.acquire(VanillaGlobalMutableState.class);
    Function<StandardJavaFileManager, MyJavaFileManager> theirs = CompilerUtils.CACHED_COMPILER.fileManagerOverride;
    Set<MyJavaFileManager> used = ConcurrentHashMap.newKeySet();
    CompilerUtils.CACHED_COMPILER.setFileManagerOverride(standard -> {
      MyJavaFileManager manager = theirs.apply(standard);
      used.add(manager);
      return manager;
    });
    try (ChronicleStore store = new ChronicleStore()) {
      store.directory("build", 16, 1);
    }
    int kept = 0;
    for (MyJavaFileManager manager : used) {
      for (Map.Entry<String, byte[]> compiled : manager.getAllBuffers().entrySet()) {
        Path file = classes.resolve(compiled.getKey().replace('.', '/') + ".class");
        Files.createDirectories(file.getParent());
        Files.write(file, compiled.getValue());
        kept++;
      }
    }
    if (kept == 0) {
      throw new IllegalStateException(
          "Chronicle Map compiled nothing for its first map: if this version needs no compiler, drop this step");
    }
    Files.writeString(mark, madeBy);
  }

  private static String placeOf(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation().toString();
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
        for (Path file : all) {
          Files.delete(file);
        }
      }
    }
  }
}
