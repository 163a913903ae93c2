/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * namesakes DIR: has functions of its own with the names of libc's, which make the system
 * call by its number, as programs do that are to work with an older libc. Makes a link in
 * DIR by them, and prints what came of each.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define TELL(name, ...) \
	do { \
		const long ret_ = name(__VA_ARGS__); \
		printf("%s: %ld %s\n", #name, ret_, \
		       ret_ < 0 ? strerrorname_np(errno) : ""); \
	} while (0)

int accept4(int fd, struct sockaddr *name, socklen_t *len, int flags)
{
	return (int)syscall(SYS_accept4, fd, name, len, flags);
}

int fchdir(int fd)
{
	return (int)syscall(SYS_fchdir, fd);
}

int pivot_root(const char *root, const char *old);
int pivot_root(const char *root, const char *old)
{
	return (int)syscall(SYS_pivot_root, root, old);
}

int setns(int fd, int type)
{
	return (int)syscall(SYS_setns, fd, type);
}

int symlinkat(const char *target, int fd, const char *path)
{
	return (int)syscall(SYS_symlinkat, target, fd, path);
}

int unlinkat(int fd, const char *path, int flags)
{
	return (int)syscall(SYS_unlinkat, fd, path, flags);
}

int unshare(int flags)
{
	return (int)syscall(SYS_unshare, flags);
}

int main(int argc, char **argv)
{
	struct sockaddr_un name;
	socklen_t len = sizeof name;
	char text[64] = "";
	int dir;

	if (argc != 2)
		return 2;
	dir = open(argv[1], O_RDONLY | O_DIRECTORY);
	TELL(fchdir, dir);
	TELL(symlinkat, "/tmp/target", dir, "link");
	if (readlink("link", text, sizeof text - 1) > 0)
		puts(text);
	TELL(unlinkat, dir, "link", 0);
	TELL(accept4, -1, (struct sockaddr *)&name, &len, 0);
	TELL(pivot_root, "/nowhere", "/nowhere");
	TELL(setns, -1, CLONE_NEWNS);
	TELL(unshare, 0);
	return 0;
}
