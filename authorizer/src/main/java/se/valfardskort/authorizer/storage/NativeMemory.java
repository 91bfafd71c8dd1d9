package se.valfardskort.authorizer.storage;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Zeroed memory outside the Java heap, reserved at once and given by the kernel page by page as it is touched.
 *
 * <p>It comes from the C library's {@code calloc}, because everything that Java itself offers writes the zeros, and so
 * touches every page: a store for a million cards would take seconds and gigabytes before the first card.
 */
final class NativeMemory {
  private static final int CACHE_LINE = 64;
  private static final MethodHandle CALLOC =
      function("calloc", FunctionDescriptor.of(ADDRESS, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle FREE = function("free", FunctionDescriptor.ofVoid(ADDRESS));
  private static final MethodHandle MADVISE =
      function("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

  /** Linux's number for "use huge pages here". */
  private static final int MADV_HUGEPAGE = 14;

  /** Below two huge pages there is nothing to gain. */
  private static final long FEWEST_HUGE_BYTES = 4L << 20;

  private static final long PAGE = 4096;

  private final MemorySegment allocation;

  private NativeMemory(MemorySegment allocation) {
    this.allocation = allocation;
  }

  /**
   * Takes {@code length} bytes, all zero.
   *
   * @param user what the memory is for, named when there is none
   * @throws IllegalStateException when the system refuses
   */
  static NativeMemory zeroed(String user, long length) {
    MemorySegment allocation;
    try {
      allocation = (MemorySegment) CALLOC.invokeExact(1L, length + CACHE_LINE);
    } catch (Throwable e) {
      throw new IllegalStateException("calloc could not be called", e);
    }
    if (allocation.address() == 0) {
      throw new IllegalStateException(
          user + ": the system refused " + length + " bytes; lower the configured capacity or add memory");
    }
    preferHugePages(allocation.address(), length);
    return new NativeMemory(allocation);
  }

  /**
   * Asks the kernel for pages of 2 MB in this memory. Tables of a million rows are read in no order, and then finding
   * the page costs as much as reading it: with huge pages a purchase takes a quarter less. A wish, not a need: where
   * the kernel has none to give (/sys/kernel/mm/transparent_hugepage/enabled = never), small pages serve.
   */
  static void preferHugePages(long address, long length) {
    long first = (address + PAGE - 1) & -PAGE;
    long pages = (address + length - first) & -PAGE;
    if (pages < FEWEST_HUGE_BYTES) {
      return;
    }
    try {
      int _ = (int) MADVISE.invokeExact(first, pages, MADV_HUGEPAGE);
    } catch (Throwable e) {
      throw new IllegalStateException("madvise could not be called", e);
    }
  }

  /** First address, at the start of a cache line. */
  long address() {
    return (allocation.address() + CACHE_LINE - 1) & -CACHE_LINE;
  }

  /** Gives the memory back; to be called once, when nothing points into it any more. */
  void free() {
    try {
      FREE.invokeExact(allocation);
    } catch (Throwable e) {
      throw new IllegalStateException("free could not be called", e);
    }
  }

  // Restricted: a wrong signature would corrupt memory. These are C's and Linux's own, for 64-bit systems.
  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, FunctionDescriptor signature) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature);
  }
}
