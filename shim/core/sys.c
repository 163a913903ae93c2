/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * They bypass the wrappers and libraries that fake results (fakeroot, libfaketime):
 * what is checked here is what the kernel says. They are no cancellation points. On
 * machines that raw.h does not know, they use libc's syscall(3), found behind our own
 * wrapper of that name.
 */
#define _GNU_SOURCE
#include "core/sys.h"
#include "core/compiler.h"
#include "core/layout.h"
#include "core/older.h"
#include "core/raw.h"
#include "core/seccomp.h"
#include "core/valgrind.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>
#include <unistd.h>

/* No zero: who reads it for a call that failed takes it for an error. */
int errno_of_none = EIO;

#if !defined RAW_CALL || !defined RAW_CLONE
/* libc's function NAME behind our own; looked up once, into *FOUND. */
static void *libcs(void **found, const char *name, void *linked)
{
	void *fn = __atomic_load_n(found, __ATOMIC_RELAXED);

	if (!fn) {
		fn = dlsym(RTLD_NEXT, name);
		/* A static tool has only this one. */
		if (!fn)
			fn = linked;
		__atomic_store_n(found, fn, __ATOMIC_RELAXED);
	}
	return fn;
}
#endif

#ifndef RAW_CALL
typedef long syscall_fn(long, ...);

static long raw_call(long number, long a, long b, long c, long d, long e, long f)
{
	static void *found EACH_START;
	syscall_fn *fn = (syscall_fn *)libcs(&found, "syscall", (void *)syscall);
	int saved = errno;
	long ret = fn(number, a, b, c, d, e, f);

	if (ret == -1) {
		ret = -errno;
		errno = saved;
	}
	return ret;
}
#endif

long sys_call(long number, long a, long b, long c, long d, long e, long f)
{
	if (unlikely(__atomic_load_n(&seccomp_count, __ATOMIC_RELAXED))) {
		const long arg[] = { a, b, c, d, e, f };

		if (seccomp_refuses(number, arg))
			return -EPERM;
	}
	return raw_call(number, a, b, c, d, e, f);
}

int sys_openat(int dirfd, const char *path, int flags, unsigned mode)
{
#ifdef O_LARGEFILE
	flags |= O_LARGEFILE;
#endif
	return (int)SYS4(SYS_openat, dirfd, path, flags, mode);
}

#ifndef RAW_CLONE
typedef int clone_fn(int (*fn)(void *), void *stack, int flags, void *arg, ...);

static long raw_clone(raw_child *fn, void *stack, long flags, void *arg)
{
	static void *found EACH_START;
	int saved = errno, ret;

	ret = ((clone_fn *)libcs(&found, "clone", (void *)clone))(fn, stack, (int)flags,
								  arg);
	if (ret < 0) {
		ret = -errno;
		errno = saved;
	}
	return ret;
}
#endif

int sys_clone(int (*fn)(void *), void *stack, int flags, void *arg)
{
	return (int)raw_clone(fn, stack, flags, arg);
}

int sys_close(int fd)
{
	return (int)SYS1(SYS_close, fd);
}

void sys_close_between(int first, int last)
{
	if (first <= last && SYS3(SYS_close_range, first, last, 0) == 0)
		return;
	for (int fd = first; fd <= last; fd++)
		sys_close(fd);
}

void sys_close_from(int from)
{
	if (SYS3(SYS_close_range, from, ~0U, 0) < 0)
		older_close_from(from);
}

int sys_mkdirat(int dirfd, const char *path, unsigned mode)
{
	return (int)SYS3(SYS_mkdirat, dirfd, path, mode);
}

int sys_unlinkat(int dirfd, const char *path, int flags)
{
	return (int)SYS3(SYS_unlinkat, dirfd, path, flags);
}

int sys_renameat(int fromfd, const char *from, int tofd, const char *to)
{
#ifdef SYS_renameat
	return (int)SYS4(SYS_renameat, fromfd, from, tofd, to);
#else
	return (int)SYS4(SYS_renameat2, fromfd, from, tofd, to);
#endif
}

int sys_renameat2(int fromfd, const char *from, int tofd, const char *to, unsigned flags)
{
	return (int)SYS5(SYS_renameat2, fromfd, from, tofd, to, flags);
}

int sys_symlinkat(const char *target, int dirfd, const char *path)
{
	return (int)SYS3(SYS_symlinkat, target, dirfd, path);
}

ssize_t sys_readlinkat(int dirfd, const char *path, char *buf, size_t size)
{
	return (ssize_t)SYS4(SYS_readlinkat, dirfd, path, buf, size);
}

int sys_fchmodat(int dirfd, const char *path, unsigned mode)
{
	return (int)SYS3(SYS_fchmodat, dirfd, path, mode);
}

int sys_fchmod(int fd, unsigned mode)
{
	return (int)SYS2(SYS_fchmod, fd, mode);
}

int sys_fchown(int fd, unsigned owner, unsigned group)
{
	return (int)SYS3(SYS_OF_ID(fchown), fd, owner, group);
}

int sys_flock(int fd, int operation)
{
	return (int)SYS2(SYS_flock, fd, operation);
}

int sys_access(const char *path, int want)
{
	long ret = SYS4(SYS_faccessat2, AT_FDCWD, path, want, AT_EACCESS);

	/* EINVAL: something between us and the kernel does not know the flag. */
	return older_wanted(ret) || ret == -EINVAL ? older_access(path, want) : (int)ret;
}

int sys_statx(int dirfd, const char *path, int flags, struct statx *out)
{
	int ret = (int)SYS5(SYS_statx, dirfd, path, flags, STATX_BASIC_STATS, out);

	return older_wanted(ret) ? older_statx(dirfd, path, flags, out) : ret;
}

int sys_look(int dirfd, const char *path, struct statx *out)
{
	const int how = path[0] ? AT_SYMLINK_NOFOLLOW : AT_EMPTY_PATH;

	return sys_statx(dirfd, path, how | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC, out);
}

ssize_t sys_read(int fd, void *buf, size_t size)
{
	return (ssize_t)SYS3(SYS_read, fd, buf, size);
}

ssize_t sys_write(int fd, const void *buf, size_t size)
{
	return (ssize_t)SYS3(SYS_write, fd, buf, size);
}

int sys_write_all(int fd, const void *buf, size_t size)
{
	const char *at = buf;
	ssize_t n = 0;

	for (; size && (n = sys_write(fd, at, size)) > 0; at += n)
		size -= (size_t)n;
	return n < 0 ? (int)n : size ? -ENOSPC : 0;
}

/*
 * On some 32-bit machines a 64-bit argument takes an even register and the next, in
 * byte order. Every offset here fits in a long.
 */
static long call_at(long number, int fd, const void *buf, size_t size, long offset)
{
#if defined __LP64__
	return sys_call(number, fd, (long)buf, (long)size, offset, 0, 0);
#else
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	const long first = 0, second = offset;
#else
	const long first = offset, second = 0;
#endif
#if defined __arm__ || defined __mips__ || defined __powerpc__
	return sys_call(number, fd, (long)buf, (long)size, 0, first, second);
#else
	return sys_call(number, fd, (long)buf, (long)size, first, second, 0);
#endif
#endif
}

ssize_t sys_pread(int fd, void *buf, size_t size, long offset)
{
	return (ssize_t)call_at(SYS_pread64, fd, buf, size, offset);
}

ssize_t sys_pwrite(int fd, const void *buf, size_t size, long offset)
{
	return (ssize_t)call_at(SYS_pwrite64, fd, buf, size, offset);
}

ssize_t sys_getdents(int fd, void *buf, size_t size)
{
	return (ssize_t)SYS3(SYS_getdents64, fd, buf, size);
}

ssize_t sys_getcwd(char *buf, size_t size)
{
	return (ssize_t)SYS2(SYS_getcwd, buf, size);
}

ssize_t sys_getrandom(void *buf, size_t size)
{
	/* Without waiting: soon after boot, Linux before 5.6 may wait for minutes. */
	long ret = SYS3(SYS_getrandom, buf, size, GRND_NONBLOCK);

	return older_wanted(ret) || ret == -EAGAIN ? older_random(buf, size) :
						     (ssize_t)ret;
}

int sys_chdir(const char *path)
{
	return (int)SYS1(SYS_chdir, path);
}

int sys_getpid(void)
{
	return (int)SYS1(SYS_getpid, 0);
}

int sys_getppid(void)
{
	return (int)SYS1(SYS_getppid, 0);
}

int sys_pause(int milliseconds)
{
	/* The kernel's timespec with a long tv_sec: libc's may have 64 bits. */
	const long time[] = { 0, milliseconds * 1000000L };

	return (int)SYS2(SYS_nanosleep, time, NULL);
}

unsigned sys_geteuid(void)
{
	return (unsigned)SYS1(SYS_OF_ID(geteuid), 0);
}

unsigned sys_getgid(void)
{
	return (unsigned)SYS1(SYS_OF_ID(getgid), 0);
}

unsigned sys_getegid(void)
{
	return (unsigned)SYS1(SYS_OF_ID(getegid), 0);
}

void sys_getresuid(unsigned *real, unsigned *effective, unsigned *saved)
{
	SYS3(SYS_OF_ID(getresuid), real, effective, saved);
}

static void *map_pages(size_t size, int prot, int flags, int fd, int *error)
{
#ifdef SYS_mmap2
	long ret = sys_call(SYS_mmap2, 0, (long)size, prot, flags, fd, 0);
#else
	long ret = sys_call(SYS_mmap, 0, (long)size, prot, flags, fd, 0);
#endif
	if (sys_failed(ret)) {
		*error = (int)-ret;
		return NULL;
	}
#ifdef __SANITIZE_ADDRESS__
	/* They may have been a thread's stack, of which its marks are left. */
	__asan_unpoison_memory_region((void *)ret, size);
#endif
	return (void *)ret;
}

void *sys_pages(size_t size, int *error)
{
	void *pages = map_pages(size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				-1, error);

	return pages;
}

void *sys_map_file(int fd, size_t size, int prot, int *error)
{
	return map_pages(size, prot, MAP_SHARED, fd, error);
}

void sys_unmap(void *address, size_t size)
{
	SYS2(SYS_munmap, address, size);
}

size_t sys_decimal(unsigned long n, char *out)
{
	char digits[SYS_DECIMAL];
	size_t len = 0;

	do
		digits[len++] = (char)('0' + n % 10);
	while ((n /= 10));
	for (size_t i = 0; i < len; i++)
		out[i] = digits[len - 1 - i];
	out[len] = '\0';
	return len;
}

size_t sys_number(const char *text, unsigned long *n)
{
	size_t len = 0;

	for (*n = 0; text[len] >= '0' && text[len] <= '9'; len++)
		*n = 10 * *n + (unsigned long)(text[len] - '0');
	return len;
}

size_t sys_fd_path(int fd, char out[SYS_FD_PATH])
{
	static const char dir[] = "/proc/self/fd/";

	memcpy(out, dir, sizeof dir - 1);
	return sizeof dir - 1 + sys_decimal((unsigned long)fd, out + sizeof dir - 1);
}

int sys_open_proc(int proc, const char *pid, const char *name)
{
	const size_t len = strlen(pid), size = strlen(name) + 1;
	char path[32];

	if (len + 1 + size > sizeof path)
		return -ENAMETOOLONG;
	memcpy(path, pid, len);
	path[len] = '/';
	memcpy(path + len + 1, name, size);
	return sys_openat(proc, path, O_RDONLY | O_CLOEXEC, 0);
}

ssize_t sys_fd_name(int fd, char *out, size_t size)
{
	char link[SYS_FD_PATH];

	sys_fd_path(fd, link);
	return sys_readlinkat(AT_FDCWD, link, out, size);
}

/*
 * valgrind emulates the call below and reports it each time. This asks it to pass the
 * call to the kernel. (A seccomp filter may refuse that.)
 */
static int readable_in_valgrind(const void *address)
{
	char byte;
	struct iovec to = { &byte, 1 }, from = { (void *)address, 1 };

	return sys_call(SYS_process_vm_readv, sys_getpid(), (long)&to, 1, (long)&from, 1,
			0) != -EFAULT;
}

int sys_readable(const void *address)
{
	/*
	 * rt_sigprocmask(2) copies the new mask in before it checks HOW. So an invalid
	 * HOW makes it a probe that changes nothing. Every seccomp filter allows this
	 * call, because libc needs it.
	 */
	enum { NO_SUCH_HOW = 0x7fff };
	uintptr_t at = (uintptr_t)address & ~(uintptr_t)7;

	if (valgrind_runs())
		return readable_in_valgrind(address);
	return SYS4(SYS_rt_sigprocmask, NO_SUCH_HOW, at, 0, 8) != -EFAULT;
}

/* The kernel's struct may be larger than what headers say. */
union file_system {
#ifdef SYS_fstatfs64 /* on 32 bits, where the other one fails for what is large */
	struct statfs64 fs;
#else
	struct statfs fs;
#endif
	char room[256];
};

static int get_file_system(int fd, const char *path, union file_system *u)
{
	memset(u, 0, sizeof *u);
#ifdef SYS_fstatfs64
	return (int)(path ? SYS3(SYS_statfs64, path, sizeof u->fs, u) :
			    SYS3(SYS_fstatfs64, fd, sizeof u->fs, u));
#else
	return (int)(path ? SYS2(SYS_statfs, path, u) : SYS2(SYS_fstatfs, fd, u));
#endif
}

int sys_file_system(int fd, const char *path, uint32_t *type)
{
	union file_system u;
	const int ret = get_file_system(fd, path, &u);

	*type = (uint32_t)u.fs.f_type;
	return ret;
}

int sys_mount_flags(int fd, unsigned long *flags)
{
	union file_system u;
	const int ret = get_file_system(fd, NULL, &u);

	*flags = (unsigned long)u.fs.f_flags;
	return ret;
}

int sys_move_apart(int fd)
{
	int apart = fd < 0 ? fd : (int)SYS3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, SYS_APART);

	if (fd < 0 || apart < 0)
		return fd;
	sys_close(fd);
	return apart;
}
