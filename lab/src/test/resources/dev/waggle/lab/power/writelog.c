/* Writes down what a process does to the files of one folder, and what it tells the world, in the order in which it happened.
 *
 * Loaded with LD_PRELOAD. WRITELOG_FILE is the log, WRITELOG_ROOT the folder (absolute, without links), WRITELOG_FAIL_SYNC "from:every"
 * lets one of so many fsyncs of files fail with EIO, beginning with the from-th (always the same ones, without a pattern): as on Linux, what such an fsync should have made durable counts
 * as clean afterwards, so that a second fsync succeeds and changes nothing.
 *
 * A record: op (1 byte), id (8), offset (8), length (4), that many bytes; little-endian. The id is the inode number, also of sockets.
 *   D folder made, C file made (bytes: path)      U name removed (path)      R renamed (from, zero byte, to)
 *   W written (offset, bytes)                     T truncated (offset: new size)
 *   B fsync begins (offset: its number)           S it succeeded, F it failed (offset: that number)
 *   A written to standard output                  N sent to a socket
 *
 * Writes and records are made under one lock. An fsync is not: what was written after its B is not promised by its S.
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
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FDS = 65536 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static unsigned char inside[FDS];                 /* descriptors of files and folders under the root */
static int log_fd = -1;
static char root[PATH_MAX];
static size_t root_length;
static int64_t syncs, file_syncs, fail_from, fail_every;

#define REAL(name) ((__typeof__(&name)) real(#name))
static void *real(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

static void record(char op, uint64_t id, int64_t offset, const struct iovec *parts, int count, size_t length) {
    static ssize_t (*real_write)(int, const void *, size_t);
    if (!real_write) real_write = (ssize_t (*)(int, const void *, size_t)) real("write");
    size_t size = 21 + length, at = 21;
    unsigned char *bytes = malloc(size);
    uint32_t length32 = (uint32_t) length;
    bytes[0] = (unsigned char) op;
    memcpy(bytes + 1, &id, 8);
    memcpy(bytes + 9, &offset, 8);
    memcpy(bytes + 17, &length32, 4);
    for (int i = 0; i < count && at < size; i++) {
        size_t some = parts[i].iov_len < size - at ? parts[i].iov_len : size - at;
        memcpy(bytes + at, parts[i].iov_base, some);
        at += some;
    }
    if (real_write(log_fd, bytes, size) != (ssize_t) size) abort();      /* a log with holes proves nothing */
    free(bytes);
}

static void record_text(char op, uint64_t id, const char *text, size_t length) {
    struct iovec part = {(void *) text, length};
    record(op, id, 0, &part, 1, length);
}

static uint64_t inode(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 ? (uint64_t) status.st_ino : 0;
}

static void begin(void) {
    const char *file = getenv("WRITELOG_FILE"), *folder = getenv("WRITELOG_ROOT"), *fail = getenv("WRITELOG_FAIL_SYNC");
    if (!file || !folder) return;
    long long from = 0, every = 0;
    if (fail && sscanf(fail, "%lld:%lld", &from, &every) == 2) { fail_from = from; fail_every = every; }
    snprintf(root, sizeof root, "%s", folder);
    root_length = strlen(root);
    int fd = ((int (*)(const char *, int, ...)) real("open"))(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) abort();
    log_fd = fd;
    struct stat status;
    if (stat(root, &status) == 0) record_text('D', status.st_ino, root, root_length);
}

static int on(void) {
    pthread_once(&once, begin);
    return log_fd >= 0;
}

/* The absolute form of a path in the folder; 0 for all others. */
static int is_inside(int at, const char *path, char *absolute) {
    if (!on()) return 0;
    if (path[0] == '/') snprintf(absolute, PATH_MAX, "%s", path);
    else if (at == AT_FDCWD) {
        if (!getcwd(absolute, PATH_MAX)) return 0;
        size_t length = strlen(absolute);
        snprintf(absolute + length, PATH_MAX - length, "/%s", path);
    } else {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", at);
        ssize_t length = readlink(link, absolute, PATH_MAX - 1);
        if (length < 0) return 0;
        snprintf(absolute + length, PATH_MAX - (size_t) length, "/%s", path);
    }
    return strncmp(absolute, root, root_length) == 0 && (absolute[root_length] == '/' || absolute[root_length] == 0);
}

static int is_file(int fd) { return fd >= 0 && fd < FDS && inside[fd]; }

static int is_socket(int fd) {
    struct stat status;
    return on() && fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
}

static int opened(int at, const char *path, int flags, mode_t mode) {
    static int (*real_openat)(int, const char *, int, ...);
    if (!real_openat) real_openat = (int (*)(int, const char *, int, ...)) real("openat");
    char absolute[PATH_MAX];
    if (!is_inside(at, path, absolute)) {
        int fd = real_openat(at, path, flags, mode);
        if (fd >= 0 && fd < FDS) inside[fd] = 0;
        return fd;
    }
    pthread_mutex_lock(&lock);
    struct stat status;
    int is_new = (flags & O_CREAT) && lstat(absolute, &status) != 0;
    int fd = real_openat(at, path, flags, mode);
    int problem = errno;
    if (fd >= 0 && fd < FDS) {
        inside[fd] = 1;
        if (is_new) record_text('C', inode(fd), absolute, strlen(absolute));
        else if (flags & O_TRUNC) record('T', inode(fd), 0, NULL, 0, 0);
    }
    pthread_mutex_unlock(&lock);
    errno = problem;
    return fd;
}

#define MODE(flags) mode_t mode = 0; if ((flags) & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }
int open(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags) return opened(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags) return opened(at, path, flags | O_LARGEFILE, mode); }

int close(int fd) {
    if (fd >= 0 && fd < FDS) inside[fd] = 0;
    return REAL(close)(fd);
}

static ssize_t positioned(int fd, const void *bytes, size_t length, off64_t offset) {
    static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
    if (!real_pwrite) real_pwrite = (ssize_t (*)(int, const void *, size_t, off64_t)) real("pwrite64");
    if (!is_file(fd)) return real_pwrite(fd, bytes, length, offset);
    pthread_mutex_lock(&lock);
    ssize_t done = real_pwrite(fd, bytes, length, offset);
    int problem = errno;
    struct iovec part = {(void *) bytes, length};
    if (done > 0) record('W', inode(fd), offset, &part, 1, (size_t) done);
    pthread_mutex_unlock(&lock);
    errno = problem;
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return positioned(fd, bytes, length, offset); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) { return positioned(fd, bytes, length, offset); }

/* A write at the file's own position, to a socket or to standard output. */
static ssize_t streamed(int fd, const struct iovec *parts, int count) {
    static ssize_t (*real_writev)(int, const struct iovec *, int);
    if (!real_writev) real_writev = (ssize_t (*)(int, const struct iovec *, int)) real("writev");
    int file = is_file(fd), socket = !file && is_socket(fd);
    if (!on() || (!file && !socket && fd != STDOUT_FILENO)) return real_writev(fd, parts, count);
    pthread_mutex_lock(&lock);
    ssize_t done = real_writev(fd, parts, count);
    int problem = errno;
    if (done > 0) {
        int64_t offset = file ? lseek64(fd, 0, SEEK_CUR) - done : 0;
        record(file ? 'W' : socket ? 'N' : 'A', inode(fd), offset, parts, count, (size_t) done);
    }
    pthread_mutex_unlock(&lock);
    errno = problem;
    return done;
}

ssize_t write(int fd, const void *bytes, size_t length) {
    struct iovec part = {(void *) bytes, length};
    return streamed(fd, &part, 1);
}

ssize_t writev(int fd, const struct iovec *parts, int count) { return streamed(fd, parts, count); }

ssize_t send(int fd, const void *bytes, size_t length, int flags) {
    if (!is_socket(fd)) return REAL(send)(fd, bytes, length, flags);
    pthread_mutex_lock(&lock);
    ssize_t done = REAL(send)(fd, bytes, length, flags);
    int problem = errno;
    if (done > 0) record_text('N', inode(fd), bytes, (size_t) done);
    pthread_mutex_unlock(&lock);
    errno = problem;
    return done;
}

static int truncated(int fd, off64_t size) {
    if (!is_file(fd)) return REAL(ftruncate64)(fd, size);
    pthread_mutex_lock(&lock);
    int result = REAL(ftruncate64)(fd, size), problem = errno;
    if (result == 0) record('T', inode(fd), size, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    errno = problem;
    return result;
}

int ftruncate(int fd, off_t size) { return truncated(fd, size); }
int ftruncate64(int fd, off64_t size) { return truncated(fd, size); }

static int synced(int fd, int (*real_sync)(int)) {
    if (!is_file(fd)) return real_sync(fd);
    struct stat status;
    fstat(fd, &status);
    pthread_mutex_lock(&lock);
    int64_t number = ++syncs;
    int fail = S_ISREG(status.st_mode) && fail_every > 0 && ++file_syncs >= fail_from && (((uint32_t) file_syncs * 2654435761u) >> 12) % (uint32_t) fail_every == 0;
    record('B', status.st_ino, number, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    int result = real_sync(fd), problem = errno;
    if (fail) { result = -1; problem = EIO; }
    pthread_mutex_lock(&lock);
    record(result == 0 ? 'S' : 'F', status.st_ino, number, NULL, 0, 0);
    pthread_mutex_unlock(&lock);
    errno = problem;
    return result;
}

int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

static int made(const char *path, mode_t mode) {
    char absolute[PATH_MAX];
    if (!is_inside(AT_FDCWD, path, absolute)) return REAL(mkdir)(path, mode);
    pthread_mutex_lock(&lock);
    int result = REAL(mkdir)(path, mode), problem = errno;
    struct stat status;
    if (result == 0 && stat(path, &status) == 0) record_text('D', status.st_ino, absolute, strlen(absolute));
    pthread_mutex_unlock(&lock);
    errno = problem;
    return result;
}

int mkdir(const char *path, mode_t mode) { return made(path, mode); }

static int removed(int at, const char *path, int flags) {
    char absolute[PATH_MAX];
    if (!is_inside(at, path, absolute)) return REAL(unlinkat)(at, path, flags);
    pthread_mutex_lock(&lock);
    int result = REAL(unlinkat)(at, path, flags), problem = errno;
    if (result == 0) record_text('U', 0, absolute, strlen(absolute));
    pthread_mutex_unlock(&lock);
    errno = problem;
    return result;
}

int unlink(const char *path) { return removed(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return removed(AT_FDCWD, path, AT_REMOVEDIR); }
int unlinkat(int at, const char *path, int flags) { return removed(at, path, flags); }

int rename(const char *from, const char *to) {
    char paths[2 * PATH_MAX], target[PATH_MAX];
    if (!is_inside(AT_FDCWD, from, paths) || !is_inside(AT_FDCWD, to, target)) return REAL(rename)(from, to);
    pthread_mutex_lock(&lock);
    int result = REAL(rename)(from, to), problem = errno;
    size_t length = strlen(paths) + 1;
    strcpy(paths + length, target);
    if (result == 0) record_text('R', 0, paths, length + strlen(target));
    pthread_mutex_unlock(&lock);
    errno = problem;
    return result;
}
