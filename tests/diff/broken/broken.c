/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A preload that is wrong in one chosen way (BROKEN=...), so that the
 * differential tests can be seen to notice: a test that cannot fail proves
 * nothing. The faults are those that interposers are known for.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static bool is(const char *fault)
{
	const char *wanted = getenv("BROKEN");
	return wanted && strcmp(wanted, fault) == 0;
}

/* The headers promise that paths are never null; callers do not keep to it. */
static __attribute__((noinline)) bool is_null(const void *path)
{
	return !path;
}

/* Declares "real" as the next function of that name. */
#define NEXT(name) \
	static __typeof__(name) *real; \
	if (!real) { \
		void *found_ = dlsym(RTLD_NEXT, #name); \
		memcpy(&real, &found_, sizeof real); \
	}

/* ".." taken away as text, which is not what the kernel does behind a link. */
static const char *collapse(const char *path, char *to, size_t room)
{
	if (!path || strlen(path) >= room)
		return path;
	strcpy(to, path);
	for (char *up; (up = strstr(to, "/..")) && (up[3] == '/' || up[3] == 0);) {
		*up = 0;
		char *before = strrchr(to, '/');
		memmove(before ? before : to, up + 3, strlen(up + 3) + 1);
	}
	return *to ? to : "/";
}

/* A system call that no shim sees; ENOSYS on machines that nobody has written it for. */
static int past(long number, long a, long b, long c, long d)
{
	long ret = -ENOSYS;
#if defined __x86_64__ && defined __LP64__
	register long r10 __asm__("r10") = d;
	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
#elif defined __aarch64__
	register long x8 __asm__("x8") = number, x0 __asm__("x0") = a,
			 x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c, x3 __asm__("x3") = d;
	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3)
			 : "memory");
	ret = x0;
#else
	(void)number, (void)a, (void)b, (void)c, (void)d;
#endif
	if (ret >= 0)
		return (int)ret;
	errno = (int)-ret;
	return -1;
}

int chmod(const char *path, mode_t mode)
{
	NEXT(chmod)
	if (is("past"))
		return past(SYS_fchmodat, AT_FDCWD, (long)path, (long)mode, 0);
	return real(path, mode);
}

int stat(const char *path, struct stat *st)
{
	NEXT(stat)
	char text[8192];
	if (is("collapse"))
		path = collapse(path, text, sizeof text);
	int result = real(path, st);
	if (is("errno-on-success") && result == 0)
		errno = ENOENT;
	if (is("stat-size") && result == 0 && S_ISREG(st->st_mode))
		st->st_size++;
	return result;
}

int access(const char *path, int mode)
{
	NEXT(access)
	if (is("fault") && is_null(path))
		return errno = ENOENT, -1;
	int result = real(path, mode);
	if (is("errno") && result != 0 && errno == ENOTDIR)
		errno = ENOENT;
	return result;
}

/* Removing a working directory below a prefix without a component boundary. */
int unlink(const char *path)
{
	NEXT(unlink)
	if (is("prefix") && !is_null(path) && strncmp(path, "/tmpfoo/", 8) == 0)
		return errno = EACCES, -1;
	return real(path);
}

ssize_t readlink(const char *path, char *buffer, size_t size)
{
	NEXT(readlink)
	ssize_t n = real(path, buffer, size);
	if (is("terminated") && n > 0 && (size_t)n < size)
		buffer[n] = 0;
	if (is("readlink-length") && n > 1)
		n--;
	return n;
}

int mkdir(const char *path, mode_t mode)
{
	NEXT(mkdir)
	return real(path, is("mode") ? mode & 0700 : mode);
}

int symlink(const char *text, const char *path)
{
	NEXT(symlink)
	char longer[8192];
	/* Rewritten for good: readlink then tells what the program did not write. */
	if (is("rewritten") && !is_null(text) && strncmp(text, "/tmp/", 5) == 0) {
		snprintf(longer, sizeof longer, "/tmp/./%s", text + 5);
		text = longer;
	}
	return real(text, path);
}

int rename(const char *from, const char *to)
{
	NEXT(rename)
	int result = real(from, to);
	/* Undone behind the caller's back: the result is right, the tree is not. */
	if (is("lost") && result == 0)
		real(to, from);
	return result;
}

int open(const char *path, int flags, ...)
{
	NEXT(open)
	mode_t mode = 0;
	if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {
		va_list list;
		va_start(list, flags);
		mode = va_arg(list, mode_t);
		va_end(list);
	}
	if (is("past"))
		return past(SYS_openat, AT_FDCWD, (long)path, flags, (long)mode);
	if (is("cloexec"))
		flags |= O_CLOEXEC;
	int fd = real(path, flags, mode);
	if (is("descriptor") && fd >= 0) {
		int higher =
			fcntl(fd, flags & O_CLOEXEC ? F_DUPFD_CLOEXEC : F_DUPFD, fd + 1);
		close(fd);
		fd = higher;
	}
	return fd;
}

char *getcwd(char *buffer, size_t size)
{
	NEXT(getcwd)
	char *result = real(buffer, size);
	if (is("erange") && !result && errno == ERANGE)
		errno = ENAMETOOLONG;
	return result;
}

/* glibc declares the address as a union of pointers, musl as one pointer. */
#ifdef __GLIBC__
#define ADDRESS __CONST_SOCKADDR_ARG
#define POINTER(argument) (argument).__sockaddr__
#else
#define ADDRESS const struct sockaddr *
#define POINTER(argument) (argument)
#endif

int bind(int fd, ADDRESS argument, socklen_t length)
{
	NEXT(bind)
	const struct sockaddr *address = POINTER(argument);
	/* Copied as a string: the length that the caller gave is gone. */
	struct sockaddr_un copy;
	if (is("sockaddr") && address && address->sa_family == AF_UNIX &&
	    length > offsetof(struct sockaddr_un, sun_path) && length <= sizeof copy) {
		memset(&copy, 0, sizeof copy);
		memcpy(&copy, address, length);
		address = (const struct sockaddr *)&copy;
		length = sizeof copy;
	}
	return real(fd, address, length);
}

int glob(const char *pattern, int flags, int (*failed)(const char *, int), glob_t *found)
{
	NEXT(glob)
	return real(pattern, is("glob") ? flags | GLOB_NOSORT : flags, failed, found);
}

struct dirent *readdir(DIR *dir)
{
	NEXT(readdir)
	struct dirent *e = real(dir);
	if (is("readdir") && e && strcmp(e->d_name, "...") == 0)
		return real(dir);
	return e;
}
