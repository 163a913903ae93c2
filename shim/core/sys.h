/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * System calls for the shim's own use. They set no errno, are no cancellation points,
 * and bypass other interposers.
 *
 * Each returns the kernel's result: 0 or more, or -errno. All are safe in a signal
 * handler and between vfork and exec. Where Linux 3.10 lacks a call, or a filter
 * refuses it, a replacement is tried (older.h), unless noted otherwise.
 */
#ifndef PRIVTMP_SYS_H
#define PRIVTMP_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/errno_place.h"
#include "core/newer.h"

/* One system call with up to six arguments. */
long sys_call(long number, long a, long b, long c, long d, long e, long f);

/* Whether RET is -errno. On 32 bits an address can be negative, too. */
static inline bool sys_failed(long ret)
{
	enum { ERRNO_MAX = 4095 };

	return (unsigned long)ret >= (unsigned long)-ERRNO_MAX;
}

/*
 * clone(2) with CLONE_VM: the child runs FN with ARG on a stack that ends at STACK, which
 * is aligned to 16 bytes. Its pid, or -errno.
 */
int sys_clone(int (*fn)(void *), void *stack, int flags, void *arg);

#define SYS1(nr, a) sys_call((nr), (long)(a), 0, 0, 0, 0, 0)
#define SYS2(nr, a, b) sys_call((nr), (long)(a), (long)(b), 0, 0, 0, 0)
#define SYS3(nr, a, b, c) sys_call((nr), (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define SYS4(nr, a, b, c, d) \
	sys_call((nr), (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define SYS5(nr, a, b, c, d, e) \
	sys_call((nr), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)

/*
 * The number of the system call NAME, about users or groups. Older machines have another one
 * of that name, whose numbers of these have 16 bits.
 */
#ifdef SYS_geteuid32
#define SYS_OF_ID(name) SYS_##name##32
#else
#define SYS_OF_ID(name) SYS_##name
#endif

int sys_openat(int dirfd, const char *path, int flags, unsigned mode);
int sys_close(int fd);
/* Closes FROM and all descriptors above it. */
void sys_close_from(int from);
/* Closes the descriptors FIRST to LAST, which should be few. */
void sys_close_between(int first, int last);
int sys_mkdirat(int dirfd, const char *path, unsigned mode);
int sys_unlinkat(int dirfd, const char *path, int flags);
int sys_renameat(int fromfd, const char *from, int tofd, const char *to);
/* No replacement: -ENOSYS, -EINVAL or -EPERM where it is missing. */
int sys_renameat2(int fromfd, const char *from, int tofd, const char *to, unsigned flags);
int sys_symlinkat(const char *target, int dirfd, const char *path);
ssize_t sys_readlinkat(int dirfd, const char *path, char *buf, size_t size);
int sys_fchmodat(int dirfd, const char *path, unsigned mode);
int sys_fchmod(int fd, unsigned mode);
int sys_fchown(int fd, unsigned owner, unsigned group);
/* access(2) for the effective user (R_OK, W_OK, X_OK). */
int sys_access(const char *path, int want);
int sys_flock(int fd, int operation);
/* statx(2), whose struct is the same on all machines; basic stats only. */
int sys_statx(int dirfd, const char *path, int flags, struct statx *out);
/*
 * The same of PATH, and of no link's target, or of DIRFD where PATH is "": what the kernel knows
 * of it by itself. A file system under a user's control need never answer: it is not asked.
 */
int sys_look(int dirfd, const char *path, struct statx *out);
ssize_t sys_read(int fd, void *buf, size_t size);
ssize_t sys_write(int fd, const void *buf, size_t size);
/* Writes all SIZE bytes: what a short write lacked, the next one says. 0 or -errno. */
int sys_write_all(int fd, const void *buf, size_t size);
ssize_t sys_pread(int fd, void *buf, size_t size, long offset);
ssize_t sys_pwrite(int fd, const void *buf, size_t size, long offset);
/* What procfs puts behind the name of a file that was removed. */
#define SYS_DELETED " (deleted)"
/* An entry of getdents64(2), LEN bytes long. */
struct kernel_dirent {
	uint64_t ino;
	int64_t off;
	uint16_t len;
	uint8_t type;
	char name[];
};
ssize_t sys_getdents(int fd, void *buf, size_t size);
ssize_t sys_getcwd(char *buf, size_t size);
/* SIZE random bytes: all of them, or -errno. */
ssize_t sys_getrandom(void *buf, size_t size);
int sys_chdir(const char *path);
/* Sleeps for fewer than 1000 milliseconds. -EINTR where a signal handler ran. */
int sys_pause(int milliseconds);
static inline void sys_moment(void)
{
	sys_pause(1);
}
int sys_getpid(void);
int sys_getppid(void);
unsigned sys_geteuid(void);
unsigned sys_getgid(void);
unsigned sys_getegid(void);
void sys_getresuid(unsigned *real, unsigned *effective, unsigned *saved);
/* Anonymous private memory. NULL with *ERROR set on failure. */
void *sys_pages(size_t size, int *error);
/* A shared mapping of FD, from its start. NULL with *ERROR set on failure. */
void *sys_map_file(int fd, size_t size, int prot, int *error);
void sys_unmap(void *address, size_t size);
/* Writes "/proc/self/fd/FD" to OUT and returns its length. */
enum { SYS_FD_PATH = 32 };
size_t sys_fd_path(int fd, char out[SYS_FD_PATH]);
/* readlinkat(2) of that: the kernel's name of FD's file. Not terminated. */
ssize_t sys_fd_name(int fd, char *out, size_t size);
/*
 * Opens the file NAME of the process PID, both names below the directory PROC, for reading. A
 * descriptor, close-on-exec, or -errno; -ENAMETOOLONG where PID and NAME have more than 30
 * bytes together.
 */
int sys_open_proc(int proc, const char *pid, const char *name);
enum { SYS_DECIMAL = 24 };
/* Writes N in decimal to OUT (SYS_DECIMAL bytes do); returns the length. */
size_t sys_decimal(unsigned long n, char *out);
/* Reads the decimal number at TEXT into *N; returns its length, 0 where there is none. */
size_t sys_number(const char *text, unsigned long *n);
/* Whether the byte at ADDRESS can be read. Asks the kernel. */
int sys_readable(const void *address);
/* An address that no program can read: the kernel's. */
#define SYS_NOWHERE ((void *)-4096L)

/* The lowest number for descriptors of the shim's own: programs count on low ones. */
enum { SYS_APART = 200 };

/* The kernel's limit of links on one path (MAXSYMLINKS). */
enum { SYS_LINKS = 40 };

/*
 * The type (f_type) of the file system on which PATH lies, or FD where that is NULL. 0 or
 * -errno.
 */
int sys_file_system(int fd, const char *path, uint32_t *type);
/* Flags (ST_NOSUID and the like, see statvfs(3)) of the mount on which FD lies. 0 or -errno. */
int sys_mount_flags(int fd, unsigned long *flags);
enum { SYS_FUSE = 0x65735546 };

/*
 * Moves FD to SYS_APART or above, close-on-exec, so that the program's next call gets
 * the lowest descriptor. Keeps FD where RLIMIT_NOFILE forbids that. Returns a negative
 * FD as it is.
 */
int sys_move_apart(int fd);

#endif
