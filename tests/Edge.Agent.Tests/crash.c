/*
 * Loaded before libc: every change that the process makes below EDGE_CRASH_FOLDER is counted. At change EDGE_CRASH_AT the process is
 * killed in place of making it. With EDGE_CRASH_LOG every change is written down (see DiskLog.cs), so that what a disk
 * would hold after a power cut at any moment can be worked out. With EDGE_CRASH_NO_SYNC the process never syncs a file: the
 * program that is broken on purpose.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static long count, crash_at = -1;
static int log_fd = -1, ready, no_sync;
static char folder[PATH_MAX];
static ssize_t (*real_write)(int, const void *, size_t);
static void *(*real_dlsym)(void *, const char *);

static void *next(const char *name)
{
#ifdef __x86_64__
    if (!real_dlsym) real_dlsym = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
#else
    if (!real_dlsym) real_dlsym = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.17");
#endif
    return real_dlsym(RTLD_NEXT, name);
}

static void set_up(void)
{
    if (ready) return;
    ready = 1;
    real_write = next("write");
    const char *f = getenv("EDGE_CRASH_FOLDER"), *at = getenv("EDGE_CRASH_AT"), *log = getenv("EDGE_CRASH_LOG");
    no_sync = getenv("EDGE_CRASH_NO_SYNC") != NULL;
    if (f) snprintf(folder, sizeof folder, "%s", f);
    if (at) crash_at = atol(at);
    if (log) log_fd = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

static int ours(const char *path) { return folder[0] && strncmp(path, folder, strlen(folder)) == 0; }

static int ours_fd(int fd, char *path)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    if (n <= 0) return 0;
    path[n] = 0;
    return ours(path);
}

/* kind, offset, length of data, lengths of two paths, paths, data */
static void record(char kind, int64_t offset, const char *a, const char *b, const void *data, uint32_t length)
{
    if (count++ == crash_at) kill(getpid(), SIGKILL);
    if (log_fd < 0) return;
    uint32_t la = (uint32_t)strlen(a), lb = b ? (uint32_t)strlen(b) : 0;
    real_write(log_fd, &kind, 1);
    real_write(log_fd, &offset, 8);
    real_write(log_fd, &length, 4);
    real_write(log_fd, &la, 4);
    real_write(log_fd, &lb, 4);
    real_write(log_fd, a, la);
    if (lb) real_write(log_fd, b, lb);
    if (length) real_write(log_fd, data, length);
}

#define ENTER set_up(); pthread_mutex_lock(&gate)
#define LEAVE pthread_mutex_unlock(&gate)

ssize_t write(int fd, const void *data, size_t n)
{
    set_up();
    char path[PATH_MAX];
    if (folder[0] && ours_fd(fd, path)) {
        pthread_mutex_lock(&gate);
        record('w', lseek(fd, 0, SEEK_CUR), path, NULL, data, (uint32_t)n);
        ssize_t r = real_write(fd, data, n);
        LEAVE;
        return r;
    }
    return real_write(fd, data, n);
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at)
{
    ssize_t (*real)(int, const void *, size_t, off_t) = next("pwrite");
    char path[PATH_MAX];
    ENTER;
    if (folder[0] && ours_fd(fd, path)) record('w', at, path, NULL, data, (uint32_t)n);
    ssize_t r = real(fd, data, n, at);
    LEAVE;
    return r;
}
ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at)
{
    ssize_t (*real)(int, const void *, size_t, off64_t) = next("pwrite64");
    char path[PATH_MAX];
    ENTER;
    if (folder[0] && ours_fd(fd, path)) record('w', at, path, NULL, data, (uint32_t)n);
    ssize_t r = real(fd, data, n, at);
    LEAVE;
    return r;
}

static int change_fd(const char *name, char kind, int fd, int64_t value)
{
    char path[PATH_MAX];
    ENTER;
    if (folder[0] && ours_fd(fd, path)) record(kind, value, path, NULL, NULL, 0);
    int r;
    if (kind == 's' && no_sync) r = 0;
    else if (kind == 't') { int (*real)(int, off64_t) = next(name); r = real(fd, value); }
    else { int (*real)(int) = next(name); r = real(fd); }
    LEAVE;
    return r;
}
int fsync(int fd) { return change_fd("fsync", 's', fd, 0); }
int fdatasync(int fd) { return change_fd("fdatasync", 's', fd, 0); }
int ftruncate(int fd, off_t n) { return change_fd("ftruncate", 't', fd, n); }
int ftruncate64(int fd, off64_t n) { return change_fd("ftruncate64", 't', fd, n); }

int rename(const char *from, const char *to)
{
    int (*real)(const char *, const char *) = next("rename");
    ENTER;
    if (ours(from) || ours(to)) record('r', 0, from, to, NULL, 0);
    int r = real(from, to);
    LEAVE;
    return r;
}

int unlink(const char *path)
{
    int (*real)(const char *) = next("unlink");
    ENTER;
    if (ours(path)) record('u', 0, path, NULL, NULL, 0);
    int r = real(path);
    LEAVE;
    return r;
}

static int open_(const char *name, const char *path, int flags, mode_t mode)
{
    int (*real)(const char *, int, ...) = next(name);
    set_up();
    if (folder[0] && ours(path) && (flags & O_CREAT)) {
        struct stat s;
        pthread_mutex_lock(&gate);
        int fresh = stat(path, &s) != 0;
        if (fresh || (flags & O_TRUNC)) record(fresh ? 'c' : 't', 0, path, NULL, NULL, 0);
        int r = real(path, flags, mode);
        LEAVE;
        return r;
    }
    return real(path, flags, mode);
}
int open(const char *path, int flags, ...)
{
    va_list a; va_start(a, flags); mode_t mode = flags & O_CREAT ? va_arg(a, mode_t) : 0; va_end(a);
    return open_("open", path, flags, mode);
}
int open64(const char *path, int flags, ...)
{
    va_list a; va_start(a, flags); mode_t mode = flags & O_CREAT ? va_arg(a, mode_t) : 0; va_end(a);
    return open_("open64", path, flags, mode);
}

/* .NET looks libc's functions up by name, past the order in which libraries were loaded. */
void *dlsym(void *handle, const char *name)
{
    if (strcmp(name, "fsync") == 0) return (void *)fsync;
    if (strcmp(name, "fdatasync") == 0) return (void *)fdatasync;
    next("fsync");
    return real_dlsym(handle, name);
}
