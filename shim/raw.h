/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * System calls for the shim's own use: no errno, no cancellation point, no
 * other interposer in between.
 *
 * Each returns what the kernel returned: a result of 0 or more, or -errno.
 * All are safe in a signal handler and between vfork and exec.
 */
#ifndef PRIVTMP_RAW_H
#define PRIVTMP_RAW_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#ifndef HAVE_STRUCT_STATX
#include <linux/stat.h>	/* a musl before 1.2.4 */
#endif

struct open_how;

/* One system call with up to six arguments. */
long raw_call(long number, long a, long b, long c, long d, long e, long f);

#define RAW1(nr, a) raw_call((nr), (long)(a), 0, 0, 0, 0, 0)
#define RAW2(nr, a, b) raw_call((nr), (long)(a), (long)(b), 0, 0, 0, 0)
#define RAW3(nr, a, b, c) \
	raw_call((nr), (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define RAW4(nr, a, b, c, d) \
	raw_call((nr), (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define RAW5(nr, a, b, c, d, e) \
	raw_call((nr), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)

int raw_openat(int dirfd, const char *path, int flags, unsigned mode);
int raw_close(int fd);
int raw_mkdirat(int dirfd, const char *path, unsigned mode);
int raw_unlinkat(int dirfd, const char *path, int flags);
int raw_renameat2(int fromfd, const char *from, int tofd, const char *to,
		  unsigned flags);
int raw_symlinkat(const char *target, int dirfd, const char *path);
ssize_t raw_readlinkat(int dirfd, const char *path, char *buf, size_t size);
int raw_fchmodat(int dirfd, const char *path, unsigned mode);
int raw_fchmod(int fd, unsigned mode);
/* Whether entries of a directory may be made and removed. */
int raw_may_write(const char *directory);
int raw_flock(int fd, int operation);
/* statx(2), whose layout is the same on every architecture. */
int raw_statx(int dirfd, const char *path, int flags, struct statx *out);
ssize_t raw_read(int fd, void *buf, size_t size);
ssize_t raw_write(int fd, const void *buf, size_t size);
ssize_t raw_pread(int fd, void *buf, size_t size, long offset);
ssize_t raw_pwrite(int fd, const void *buf, size_t size, long offset);
ssize_t raw_getdents(int fd, void *buf, size_t size);
ssize_t raw_getcwd(char *buf, size_t size);
ssize_t raw_getrandom(void *buf, size_t size);
int raw_chdir(const char *path);
/* Sleeps for a millisecond. */
void raw_moment(void);
int raw_getpid(void);
int raw_getppid(void);
unsigned raw_geteuid(void);
/* Anonymous private memory; NULL when there is none (*error is set). */
void *raw_pages(size_t size, int *error);
/* A shared mapping of FD from its start; NULL on failure (*error is set). */
void *raw_map_file(int fd, size_t size, int prot, int *error);
void raw_unmap(void *address, size_t size);
/* Writes "/proc/self/fd/FD" to OUT and returns its length. */
enum { RAW_FD_PATH = 32 };
size_t raw_fd_path(int fd, char out[RAW_FD_PATH]);
/* Writes N in decimal to OUT (24 bytes do); returns the length. */
size_t raw_decimal(unsigned long n, char *out);
/* Whether one byte at ADDRESS can be read, asked of the kernel. */
int raw_readable(const void *address);

#endif
