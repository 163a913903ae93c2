/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * System calls for the shim's own use: no errno, no cancellation point, no
 * other interposer in between.
 *
 * Each returns what the kernel returned: a result of 0 or more, or -errno.
 * All are safe in a signal handler and between vfork and exec. Those that Linux 3.10
 * lacks, or a filter refuses, go another way there (older.h), unless it says otherwise.
 */
#ifndef PRIVTMP_SYS_H
#define PRIVTMP_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#ifndef HAVE_STRUCT_STATX
#include <linux/stat.h> /* a musl before 1.2.4 */
#endif

struct open_how;

/* One system call with up to six arguments. */
long sys_call(long number, long a, long b, long c, long d, long e, long f);

/* Whether RET is -errno. An address may look negative on 32 bits. */
static inline bool sys_failed(long ret)
{
	enum { ERRNO_MAX = 4095 };

	return (unsigned long)ret >= (unsigned long)-ERRNO_MAX;
}

#define SYS1(nr, a) sys_call((nr), (long)(a), 0, 0, 0, 0, 0)
#define SYS2(nr, a, b) sys_call((nr), (long)(a), (long)(b), 0, 0, 0, 0)
#define SYS3(nr, a, b, c) sys_call((nr), (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define SYS4(nr, a, b, c, d) \
	sys_call((nr), (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define SYS5(nr, a, b, c, d, e) \
	sys_call((nr), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)

int sys_openat(int dirfd, const char *path, int flags, unsigned mode);
int sys_close(int fd);
/* Closes FROM and all descriptors above it. */
void sys_close_from(int from);
/* Closes the descriptors FIRST to LAST, which are not many, if any. */
void sys_close_between(int first, int last);
int sys_mkdirat(int dirfd, const char *path, unsigned mode);
int sys_unlinkat(int dirfd, const char *path, int flags);
int sys_renameat(int fromfd, const char *from, int tofd, const char *to);
/* -ENOSYS, -EINVAL or -EPERM where an old kernel, or a filter, does not have it. */
int sys_renameat2(int fromfd, const char *from, int tofd, const char *to, unsigned flags);
int sys_symlinkat(const char *target, int dirfd, const char *path);
ssize_t sys_readlinkat(int dirfd, const char *path, char *buf, size_t size);
int sys_fchmodat(int dirfd, const char *path, unsigned mode);
int sys_fchmod(int fd, unsigned mode);
int sys_fchown(int fd, unsigned owner, unsigned group);
/* What the effective user may do (R_OK, W_OK, X_OK). */
int sys_access(const char *path, int want);
int sys_flock(int fd, int operation);
/* statx(2), whose layout is the same on every architecture; the basic stats only. */
int sys_statx(int dirfd, const char *path, int flags, struct statx *out);
ssize_t sys_read(int fd, void *buf, size_t size);
ssize_t sys_write(int fd, const void *buf, size_t size);
ssize_t sys_pread(int fd, void *buf, size_t size, long offset);
/* What getdents64(2) gives: RECLEN bytes each. */
struct kernel_dirent {
	uint64_t ino;
	int64_t off;
	uint16_t len;
	uint8_t type;
	char name[];
};
ssize_t sys_getdents(int fd, void *buf, size_t size);
ssize_t sys_getcwd(char *buf, size_t size);
/* SIZE bytes that nobody foresees, or -errno; never fewer. */
ssize_t sys_getrandom(void *buf, size_t size);
int sys_chdir(const char *path);
/* Sleeps for so many milliseconds (below 1000); -EINTR where a handler ran. */
int sys_pause(int milliseconds);
/* Sleeps for a millisecond. */
static inline void sys_moment(void)
{
	sys_pause(1);
}
/*
 * Takes back a signal that is blocked by now, and pending unless it is ignored. A limit
 * of the program's own (ulimit -f 0) is no reason to end it.
 */
void sys_drop_signal(int number);
int sys_getpid(void);
int sys_getppid(void);
unsigned sys_geteuid(void);
void sys_getresuid(unsigned *real, unsigned *effective, unsigned *saved);
/* Anonymous private memory; NULL when there is none (*error is set). */
void *sys_pages(size_t size, int *error);
/* A shared mapping of FD from its start; NULL on failure (*error is set). */
void *sys_map_file(int fd, size_t size, int prot, int *error);
void sys_unmap(void *address, size_t size);
/* Writes "/proc/self/fd/FD" to OUT and returns its length. */
enum { SYS_FD_PATH = 32 };
size_t sys_fd_path(int fd, char out[SYS_FD_PATH]);
enum { SYS_DECIMAL = 24 };
/* Writes N in decimal to OUT (SYS_DECIMAL bytes do); returns the length. */
size_t sys_decimal(unsigned long n, char *out);
/* Whether one byte at ADDRESS can be read, asked of the kernel. */
int sys_readable(const void *address);

/* Descriptors of ours are out of the way of those that programs count on. */
enum { SYS_APART = 200 };

/* How many links the kernel follows on one path (its MAXSYMLINKS). */
enum { SYS_LINKS = 40 };

/*
 * Moves FD out of the way of the descriptor that the call may be about to return, where the
 * program's limit lets us; else FD stays. Not inherited. An error is handed through.
 */
int sys_move_apart(int fd);

#endif
