/*
 * A layer between the authorizer's process and its disk, for the crash trials: loaded with LD_PRELOAD, so that nothing
 * that ships knows of it. Linux, glibc.
 *
 *   VK_DISK_FOLDER  only files below this folder are touched
 *   VK_DISK_FAULT   control file; while it is there, what its line says fails: "OPERATION ERRNO PART", for example
 *                   "fdatasync 5 /journal/journal-"; OPERATION is write, fdatasync, fsync, rename, create or truncate, PART
 *                   is part of the path. ERRNO 0 with write: only half is written, and the call says so; with fdatasync or
 *                   fsync: the call says that it has synced, and has not.
 *   VK_DISK_LOG     every operation that changes the disk is appended to this file, in the order in which the kernel saw
 *                   them, so that the states that a power cut could have left can be made from it
 *
 * A record of the log, little endian: operation 4 bytes, length of the path 4, number 8, length of the data 8, path, data.
 * The number is the offset of a write, also of one that is made short, which is said before it, the size of a truncation,
 * or the number of a sync.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { CREATE = 1, WRITE, TRUNCATE, RENAME, UNLINK, SYNC_BEGIN, SYNC_END, SHORT_WRITE };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *folder;
static const char *control;
static int log_file = -1;
static int64_t syncs;

static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static int (*real_open)(const char *, int, ...);
static int (*real_ftruncate)(int, off64_t);
static int (*real_rename)(const char *, const char *);
static int (*real_unlink)(const char *);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

static void find(void *place, const char *name) {
  void *symbol = dlsym(RTLD_NEXT, name);
  if (symbol == NULL) {
    fprintf(stderr, "disk_faults: no %s\n", name);
    _exit(99);
  }
  memcpy(place, &symbol, sizeof symbol);
}

static void begin(void) {
  find(&real_pwrite, "pwrite64");
  find(&real_write, "write");
  find(&real_writev, "writev");
  find(&real_open, "open64");
  find(&real_ftruncate, "ftruncate64");
  find(&real_rename, "rename");
  find(&real_unlink, "unlink");
  find(&real_fsync, "fsync");
  find(&real_fdatasync, "fdatasync");
  folder = getenv("VK_DISK_FOLDER");
  control = getenv("VK_DISK_FAULT");
  const char *log = getenv("VK_DISK_LOG");
  if (log != NULL) {
    log_file = real_open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }
}

static int is_ours(const char *path) {
  return folder != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

/* True where the descriptor is of a file below the folder; its present path is written to path. */
static int find_path(int file, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) {
    return 0;
  }
  path[length] = 0;
  return is_ours(path);
}

/* Returns the errno to fail with, 0 for a short write or a sync that is none, -1 for no fault. */
static int fault(const char *operation, const char *path) {
  if (control == NULL) {
    return -1;
  }
  int file = real_open(control, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return -1;
  }
  char line[512];
  ssize_t length = read(file, line, sizeof line - 1);
  close(file);
  if (length <= 0) {
    return -1;
  }
  line[length] = 0;
  char wanted[32];
  char part[256];
  int number;
  if (sscanf(line, "%31s %d %255s", wanted, &number, part) != 3) {
    return -1;
  }
  return strcmp(wanted, operation) == 0 && strstr(path, part) != NULL ? number : -1;
}

static void note(int operation, const char *path, int64_t number, const void *data, int64_t length) {
  if (log_file < 0) {
    return;
  }
  struct __attribute__((packed)) {
    int32_t operation;
    int32_t path_length;
    int64_t number;
    int64_t length;
  } head = {operation, (int32_t) strlen(path), number, length};
  struct iovec parts[] = {
    {&head, sizeof head}, {(void *) (uintptr_t) path, strlen(path)}, {(void *) (uintptr_t) data, (size_t) length}};
  int64_t all = (int64_t) (sizeof head + strlen(path)) + length;
  if (real_writev(log_file, parts, 3) != all) {
    fprintf(stderr, "disk_faults: the log cannot be written\n");
    _exit(99);
  }
}

ssize_t pwrite64(int file, const void *data, size_t length, off64_t offset) {
  pthread_once(&once, begin);
  char path[PATH_MAX];
  if (!find_path(file, path)) {
    return real_pwrite(file, data, length, offset);
  }
  int error = fault("write", path);
  if (error > 0) {
    errno = error;
    return -1;
  }
  pthread_mutex_lock(&lock);
  if (error == 0 && length > 1) {
    length /= 2;
    note(SHORT_WRITE, path, offset, "", 0);
  }
  ssize_t written = real_pwrite(file, data, length, offset);
  if (written > 0) {
    note(WRITE, path, offset, data, written);
  }
  pthread_mutex_unlock(&lock);
  return written;
}

ssize_t write(int file, const void *data, size_t length) {
  pthread_once(&once, begin);
  char path[PATH_MAX];
  if (!find_path(file, path)) {
    return real_write(file, data, length);
  }
  int error = fault("write", path);
  if (error > 0) {
    errno = error;
    return -1;
  }
  pthread_mutex_lock(&lock);
  ssize_t written = real_write(file, data, length);
  if (written > 0) {
    note(WRITE, path, lseek64(file, 0, SEEK_CUR) - written, data, written);
  }
  pthread_mutex_unlock(&lock);
  return written;
}

ssize_t writev(int file, const struct iovec *parts, int count) {
  pthread_once(&once, begin);
  char path[PATH_MAX];
  if (!find_path(file, path) || count < 1) {
    return real_writev(file, parts, count);
  }
  /* One part at a time is allowed: a short write. */
  return write(file, parts[0].iov_base, parts[0].iov_len);
}

int open64(const char *path, int flags, ...) {
  pthread_once(&once, begin);
  va_list more;
  va_start(more, flags);
  int mode = (flags & O_CREAT) != 0 ? va_arg(more, int) : 0;
  va_end(more);
  if (!is_ours(path) || (flags & (O_CREAT | O_TRUNC)) == 0) {
    return real_open(path, flags, mode);
  }
  int error = fault("create", path);
  if (error > 0) {
    errno = error;
    return -1;
  }
  pthread_mutex_lock(&lock);
  int is_new = access(path, F_OK) != 0;
  int file = real_open(path, flags, mode);
  if (file >= 0 && is_new) {
    note(CREATE, path, 0, "", 0);
  } else if (file >= 0 && (flags & O_TRUNC) != 0) {
    note(TRUNCATE, path, 0, "", 0);
  }
  pthread_mutex_unlock(&lock);
  return file;
}

int ftruncate64(int file, off64_t size) {
  pthread_once(&once, begin);
  char path[PATH_MAX];
  if (!find_path(file, path)) {
    return real_ftruncate(file, size);
  }
  int error = fault("truncate", path);
  if (error > 0) {
    errno = error;
    return -1;
  }
  pthread_mutex_lock(&lock);
  int result = real_ftruncate(file, size);
  if (result == 0) {
    note(TRUNCATE, path, size, "", 0);
  }
  pthread_mutex_unlock(&lock);
  return result;
}

int rename(const char *from, const char *to) {
  pthread_once(&once, begin);
  if (!is_ours(from)) {
    return real_rename(from, to);
  }
  int error = fault("rename", from);
  if (error > 0) {
    errno = error;
    return -1;
  }
  pthread_mutex_lock(&lock);
  int result = real_rename(from, to);
  if (result == 0) {
    note(RENAME, from, 0, to, (int64_t) strlen(to));
  }
  pthread_mutex_unlock(&lock);
  return result;
}

int unlink(const char *path) {
  pthread_once(&once, begin);
  if (!is_ours(path)) {
    return real_unlink(path);
  }
  pthread_mutex_lock(&lock);
  int result = real_unlink(path);
  if (result == 0) {
    note(UNLINK, path, 0, "", 0);
  }
  pthread_mutex_unlock(&lock);
  return result;
}

/* What was written before its begin is on the disk at its end; other threads go on meanwhile. */
static int sync_with(int (*real)(int), const char *operation, int file) {
  char path[PATH_MAX];
  if (!find_path(file, path)) {
    return real(file);
  }
  int error = fault(operation, path);
  if (error > 0) {
    errno = error;
    return -1;
  }
  if (error == 0) {
    return 0;
  }
  pthread_mutex_lock(&lock);
  int64_t number = (int64_t) getpid() << 32 | ++syncs;
  note(SYNC_BEGIN, path, number, "", 0);
  pthread_mutex_unlock(&lock);
  int result = real(file);
  if (result == 0) {
    pthread_mutex_lock(&lock);
    note(SYNC_END, path, number, "", 0);
    pthread_mutex_unlock(&lock);
  }
  return result;
}

int fsync(int file) {
  pthread_once(&once, begin);
  return sync_with(real_fsync, "fsync", file);
}

int fdatasync(int file) {
  pthread_once(&once, begin);
  return sync_with(real_fdatasync, "fdatasync", file);
}
