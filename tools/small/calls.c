/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The system calls of a program that starts without a libc (start.c), with errno, as libc has
 * them; and what it has of libc's memory and environment. It has one thread.
 */
#define _GNU_SOURCE
#include "core/libc.h"
#include "core/sys.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int *__errno_location(void)
{
	static int number;

	return &number;
}

/* libc's result for the kernel's. */
static int result(long ret)
{
	if (!sys_failed(ret))
		return (int)ret;
	errno = (int)-ret;
	return -1;
}

/* -- Processes -- */

pid_t getpid(void)
{
	return sys_getpid();
}

uid_t geteuid(void)
{
	return sys_geteuid();
}

gid_t getegid(void)
{
	return sys_getegid();
}

pid_t setsid(void)
{
	return result(SYS1(SYS_setsid, 0));
}

mode_t umask(mode_t mask)
{
	return (mode_t)SYS1(SYS_umask, mask);
}

int prctl(int option, ...)
{
	unsigned long arg[4];
	va_list args;

	va_start(args, option);
	for (size_t i = 0; i < sizeof arg / sizeof *arg; i++)
		arg[i] = va_arg(args, unsigned long);
	va_end(args);
	return result(SYS5(SYS_prctl, option, arg[0], arg[1], arg[2], arg[3]));
}

int unshare(int flags)
{
	return result(SYS1(SYS_unshare, flags));
}

int execve(const char *path, char *const argv[], char *const envp[])
{
	return result(SYS3(SYS_execve, path, argv, envp));
}

void _exit(int status)
{
	for (;;)
		SYS1(SYS_exit_group, status);
}

/* -- Files -- */

int fcntl(int fd, int command, ...)
{
	va_list args;
	long arg;

	va_start(args, command);
	arg = va_arg(args, long);
	va_end(args);
	return result(SYS3(SYS_fcntl, fd, command, arg));
}

int pipe2(int fds[2], int flags)
{
	return result(SYS2(SYS_pipe2, fds, flags));
}

int fstatvfs(int fd, struct statvfs *out)
{
	struct statfs fs;
	const int ret = result(SYS2(SYS_fstatfs, fd, &fs));

	memset(out, 0, sizeof *out);
	if (ret == 0)
		out->f_flag = (unsigned long)fs.f_flags; /* what the door asks for */
	return ret;
}

int mount(const char *from, const char *to, const char *type, unsigned long flags,
	  const void *data)
{
	return result(SYS5(SYS_mount, from, to, type, flags, data));
}

int inotify_add_watch(int fd, const char *path, uint32_t mask)
{
	return result(SYS3(SYS_inotify_add_watch, fd, path, mask));
}

/* -- Sockets -- */

int socket(int domain, int type, int protocol)
{
	return result(SYS3(SYS_socket, domain, type, protocol));
}

int connect(int fd, const struct sockaddr *name, socklen_t size)
{
	return result(SYS3(SYS_connect, fd, name, size));
}

/* -- Memory, environment, objects -- */

/* It is never much, and lasts until the next image. */
void *calloc(size_t n, size_t size)
{
	size_t bytes;
	int error;

	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return sys_pages(bytes, &error);
}

void free(void *memory)
{
	(void)memory;
}

char *getenv(const char *name)
{
	const size_t len = strlen(name);

	for (char **entry = libc_environ; entry && *entry; entry++)
		if (!strncmp(*entry, name, len) && (*entry)[len] == '=')
			return *entry + len + 1;
	return NULL;
}

/* No library is loaded. */
int dladdr(const void *address, Dl_info *out)
{
	(void)address;
	memset(out, 0, sizeof *out);
	return 0;
}
