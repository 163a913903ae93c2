/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * System calls by number, through syscall(2).
 *
 *     gate paths DIR        every call with a path, in DIR; prints each result
 *     gate openat2          its restrictions, seen from "/"
 *     gate openat2-name     the same by libc's function, or the shim's
 *     gate within DIR NAME  openat2, which may not leave DIR, by NAME below it
 *     gate cwd DIR          getcwd, in buffers of all sizes
 *     gate others           calls without a path, with up to six arguments
 *     gate exec DIR         leaves a file in DIR, and executes a reader of it
 *     gate fork DIR         parent and child see each other's files
 *     gate thread           a child that shares memory, on a stack of its own
 *     gate exit DIR         leaves a file in DIR and ends by exit_group
 *     gate socket PATH      binds, and asks for the name; sends and receives by names
 *     gate moves DIR        goes there by descriptor; another root, and filters, in vain
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void print_result(const char *what, long ret)
{
	if (ret < 0)
		printf("%s: %s\n", what, strerrorname_np(errno));
	else
		printf("%s: %ld\n", what, ret);
}

/* A call whose result is told by its name. */
#define TRY(name, ...) print_result(#name, syscall(SYS_##name, __VA_ARGS__))

/* A call that opens something; it does not stay open. */
#define TRY_OPEN(name, ...) \
	do { \
		long fd_ = syscall(SYS_##name, __VA_ARGS__); \
		print_result(#name, fd_); \
		if (fd_ >= 0) \
			close((int)fd_); \
	} while (0)

static char name[8][256];

/* Puts the paths "DIR/a", "DIR/b" and so on into name[]. */
static void name_all(const char *dir)
{
	for (int i = 0; i < 8; i++)
		snprintf(name[i], sizeof name[i], "%s/%c", dir, 'a' + i);
}

#define A name[0]
#define B name[1]
#define C name[2]
#define D name[3]
#define E name[4]
#define F name[5]

static void make_things(void)
{
	TRY_OPEN(openat, AT_FDCWD, A, O_CREAT | O_EXCL | O_RDWR, 0640);
	TRY(mkdirat, AT_FDCWD, D, 0750);
	TRY(mknodat, AT_FDCWD, B, S_IFIFO | 0600, 0);
	TRY(linkat, AT_FDCWD, A, AT_FDCWD, C, 0);
	TRY(symlinkat, A, AT_FDCWD, E);
	TRY(renameat2, AT_FDCWD, C, AT_FDCWD, F, 1 /* NOREPLACE */);
#ifdef SYS_open
	TRY_OPEN(open, A, O_RDWR);
	TRY_OPEN(creat, C, 0600);
	TRY(unlink, C);
	TRY(mkdir, C, 0700);
	TRY(rmdir, C);
	TRY(mknod, C, S_IFREG | 0600, 0);
	TRY(rename, C, B);
	TRY(link, B, C);
	TRY(unlink, C);
	TRY(symlink, "a", C);
	TRY(unlink, C);
#endif
}

static void look_at_things(void)
{
	struct statx st;
	char text[256] = "", value[8] = "";
	long n;

	TRY(statx, AT_FDCWD, A, 0, STATX_BASIC_STATS, &st);
	printf("mode %o links %u\n", st.stx_mode, st.stx_nlink);
	TRY(statx, AT_FDCWD, E, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &st);
	printf("mode %o\n", st.stx_mode);
	TRY(statx, AT_FDCWD, E, 0, STATX_BASIC_STATS, &st);
	printf("mode %o\n", st.stx_mode);
	TRY(faccessat, AT_FDCWD, A, R_OK);
	n = syscall(SYS_readlinkat, AT_FDCWD, E, text, sizeof text);
	print_result("readlinkat", n);
	printf("\"%s\"\n", text);
	print_result("setxattr", syscall(SYS_setxattr, A, "user.x", "v", 1, 0) < 0 &&
						 errno != EOPNOTSUPP ?
					 -1 :
					 0);
	print_result("getxattr", syscall(SYS_getxattr, A, "user.x", value, 8) < 0 &&
						 errno != EOPNOTSUPP ?
					 -1 :
					 0);
	TRY(listxattr, E, NULL, 0);
	TRY(statfs, A, text);
#ifdef SYS_access
	TRY(access, A, W_OK);
	TRY(readlink, E, text, sizeof text);
#endif
}

static void change_things(void)
{
	const struct timespec times[2] = { { 1, 2 }, { 3, 4 } };

	TRY(fchmodat, AT_FDCWD, A, 0600);
	TRY(fchownat, AT_FDCWD, E, getuid(), getgid(), AT_SYMLINK_NOFOLLOW);
	TRY(truncate, A, 5L);
#ifdef __LP64__
	TRY(utimensat, AT_FDCWD, A, times, 0);
#endif
	(void)times;
	print_result("fchmodat2",
		     syscall(452, AT_FDCWD, A, 0600, 0) < 0 && errno != ENOSYS ? -1 : 0);
}

static void remove_things(void)
{
	int watch = (int)syscall(SYS_inotify_init1, 0);

	print_result("inotify_add_watch",
		     syscall(SYS_inotify_add_watch, watch, D, 2) < 0 ? -1 : 0);
	close(watch);
	TRY(unlinkat, AT_FDCWD, A, 0);
	TRY(unlinkat, AT_FDCWD, B, 0);
	TRY(unlinkat, AT_FDCWD, E, 0);
	TRY(unlinkat, AT_FDCWD, F, 0);
	TRY(unlinkat, AT_FDCWD, D, AT_REMOVEDIR);
	TRY(unlinkat, AT_FDCWD, D, AT_REMOVEDIR);
}

static int paths(const char *dir)
{
	name_all(dir);
	make_things();
	look_at_things();
	change_things();
	TRY(chdir, D);
	TRY(faccessat, AT_FDCWD, "../a", F_OK);
	TRY(chdir, "/");
	remove_things();
	TRY_OPEN(openat, AT_FDCWD, dir, O_RDONLY | O_DIRECTORY);
	TRY_OPEN(openat, AT_FDCWD, NULL, O_RDONLY);
	TRY_OPEN(openat, -1, "x", O_RDONLY);
	return 0;
}

/* Where libc has a function for it, or the shim: that, if it is wanted. */
static bool by_name;

static long call_openat2(int fd, const char *path, void *how, size_t size)
{
	int (*found)(int, const char *, void *, size_t) = NULL;

	if (by_name)
		*(void **)&found = dlsym(RTLD_DEFAULT, "openat2");
	return found ? found(fd, path, how, size) :
		       syscall(SYS_openat2, fd, path, how, size);
}

static void try_how(const char *what, int fd, const char *path, uint64_t flags,
		    uint64_t resolve)
{
	struct open_how how = { .flags = flags, .resolve = resolve };
	long ret;

	if (flags & O_CREAT)
		how.mode = 0600;
	ret = call_openat2(fd, path, &how, sizeof how);
	printf("%s, %s: ", path, what);
	print_result("openat2", ret);
	if (ret >= 0)
		close((int)ret);
}

static int stays_within(const char *dir, const char *below)
{
	const int fd = open(dir, O_PATH);

	try_how("beneath", fd, below, O_RDONLY, RESOLVE_BENEATH);
	try_how("in root", fd, below, O_RDONLY, RESOLVE_IN_ROOT);
	return 0;
}

static int by_openat2(void)
{
	static const struct {
		const char *what;
		uint64_t resolve;
	} how[] = {
		{ "free", 0 },
		{ "no links", RESOLVE_NO_SYMLINKS },
		{ "no magic", RESOLVE_NO_MAGICLINKS },
		{ "beneath", RESOLVE_BENEATH },
		{ "in root", RESOLVE_IN_ROOT },
	};
	int root = open("/", O_PATH), var = open("/var", O_PATH), tmp;

	mkdir("/tmp/dir", 0700);
	close(open("/tmp/dir/file", O_CREAT | O_RDWR, 0600));
	symlink("/tmp/dir", "/tmp/absolute");
	symlink("dir", "/tmp/relative");
	close(open("/var/tmp/file", O_CREAT | O_RDWR, 0600));
	tmp = open("/tmp", O_PATH);
	for (size_t i = 0; i < sizeof how / sizeof *how; i++) {
		const char *what = how[i].what;
		uint64_t resolve = how[i].resolve;

		try_how(what, root, "/tmp/dir/file", O_RDONLY, resolve);
		try_how(what, root, "tmp/dir/file", O_RDONLY, resolve);
		try_how(what, root, "tmp/dir/new", O_RDWR | O_CREAT, resolve);
		try_how(what, root, "/tmp/absolute/file", O_RDONLY, resolve);
		try_how(what, root, "tmp/absolute/file", O_RDONLY, resolve);
		try_how(what, root, "tmp/relative/file", O_RDONLY, resolve);
		try_how(what, root, "tmp/relative", O_PATH | O_NOFOLLOW, resolve);
		try_how(what, root, "usr/../tmp/dir", O_PATH, resolve);
		try_how(what, root, "../tmp/dir", O_PATH, resolve);
		try_how(what, root, "tmp/missing", O_RDONLY, resolve);
		try_how(what, var, "tmp/file", O_RDONLY, resolve);
		try_how(what, var, "../var/tmp/file", O_RDONLY, resolve);
		try_how(what, tmp, "dir/file", O_RDONLY, resolve);
		try_how(what, tmp, "../tmp/dir", O_PATH, resolve);
		try_how(what, -1, "tmp/dir", O_PATH, resolve);
	}
	print_result("short", call_openat2(root, "tmp/dir", (void *)&how, 8));
	print_result("unreadable", call_openat2(root, "tmp/dir", (void *)8L, 24));
	return 0;
}

static int cwd(const char *dir)
{
	char buf[512];
	size_t fits = strlen(dir) + 1;

	if (syscall(SYS_chdir, dir) < 0)
		return 1;
	for (size_t size = 0; size <= fits + 50; size++) {
		memset(buf, '#', sizeof buf);
		print_result("getcwd", syscall(SYS_getcwd, buf, size));
		if (size >= fits)
			printf("%s %d\n", buf, buf[fits] == '#');
	}
	print_result("unreadable", syscall(SYS_getcwd, 8L, 100L));
	return 0;
}

static int others(void)
{
	void *page;
	int ends[2];

	printf("%d\n", syscall(SYS_getpid) == getpid());
	page = (void *)syscall(
#ifdef SYS_mmap2
		SYS_mmap2,
#else
		SYS_mmap,
#endif
		NULL, 4096L, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1L,
		0L);
	printf("%d\n", page != MAP_FAILED && *(char *)page == 0);
	print_result("munmap", syscall(SYS_munmap, page, 4096L));
	print_result("pipe2", syscall(SYS_pipe2, ends, 0));
	print_result("write", syscall(SYS_write, ends[1], "x", 1));
	print_result("no such call", syscall(100000));
	print_result("no such call", syscall(-1L));
	print_result("bad", syscall(SYS_close, -1));
	return 0;
}

static int run_reader(const char *dir)
{
	char cat[] = "cat";
	char *const argv[] = { cat, name[0], NULL }, *const none[] = { NULL };
	int fd;

	name_all(dir);
	fd = open(A, O_CREAT | O_RDWR, 0600);
	if (write(fd, "seen\n", 5) != 5)
		return 1;
	/* Not even its environment comes along. */
	syscall(SYS_execve, "/bin/cat", argv, none);
	return 1;
}

static int by_fork(const char *dir)
{
	long pid;

	name_all(dir);
	close(open(A, O_CREAT | O_RDWR, 0600));
#ifdef SYS_fork
	pid = syscall(SYS_fork);
#else
	pid = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
#endif
	if (pid == 0) {
		close(open(B, O_CREAT | O_RDWR, 0600));
		exit(access(A, F_OK) ? 3 : 0);
	}
	int status = -1;

	waitpid((pid_t)pid, &status, 0);
	printf("child %d, its file %d\n", status, access(B, F_OK));
	pid = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
	if (pid == 0)
		syscall(SYS_exit_group, 7);
	waitpid((pid_t)pid, &status, 0);
	printf("child %d, the files %d %d\n", WEXITSTATUS(status), access(A, F_OK),
	       access(B, F_OK));
	return 0;
}

/*
 * A child on its own stack does not return from syscall(2) where its parent
 * does, but by what is on that stack: there is the address of this function.
 */
static volatile int ran;

static void run_child(void)
{
	ran = 1;
	syscall(SYS_exit, 0);
}

static int by_thread(void)
{
#ifdef __x86_64__
	static uintptr_t stack[4096] __attribute__((aligned(64)));
	uintptr_t *top = stack + 4000;
	long pid;
	int status = -1;

	*top = (uintptr_t)run_child;
	pid = syscall(SYS_clone, CLONE_VM | SIGCHLD, top, NULL, NULL, NULL);
	waitpid((pid_t)pid, &status, 0);
	printf("%d %d\n", status, ran);
#else
	(void)run_child;
	printf("0 1\n");
#endif
	return 0;
}

static int by_exit(const char *dir)
{
	name_all(dir);
	close(open(A, O_CREAT | O_RDWR, 0600));
	printf("%d\n", access(A, F_OK));
	fflush(stdout);
	syscall(SYS_exit_group, 5);
	return 1;
}

/* As of a caller that has no prototype, and leaves what it likes above an int. */
static int wide(const char *dir)
{
	const long number = (long)(SYS_mkdirat | (uint64_t)1 << 32);

	printf("%ld\n", syscall(number, AT_FDCWD, dir, 0700));
	return 0;
}

#ifdef SYS_bind
static void say_name(const struct sockaddr_un *a, socklen_t len)
{
	printf("%s %u\n", len > 2 ? a->sun_path : "-", len);
}

static void take(long server, const struct sockaddr_un *to, bool flags)
{
	struct sockaddr_un from = { .sun_family = AF_UNIX };
	socklen_t len = sizeof from;
	long client = syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0), taken = -1;

	/* So that there is a name to be told. */
	snprintf(from.sun_path, sizeof from.sun_path, "%.90s.%d", to->sun_path, flags);
	TRY(bind, client, &from, sizeof from);
	TRY(connect, client, to, sizeof *to);
	memset(&from, 0, sizeof from);
	if (flags) {
		TRY(setsockopt, server, 1, 2, &len, sizeof len); /* SO_REUSEADDR */
		taken = syscall(SYS_accept4, server, &from, &len, SOCK_CLOEXEC);
	}
#ifdef SYS_accept
	else
		taken = syscall(SYS_accept, server, &from, &len);
#endif
	print_result("accepted", taken < 0 ? -1 : 0);
	say_name(&from, taken < 0 ? 0 : len);
	close((int)client);
	close((int)taken);
}

/* Messages to a name, and from one. */
static void messages(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX }, from;
	char byte = 'x';
	struct iovec bytes = { &byte, 1 };
	struct mmsghdr out = { .msg_hdr = { &to, sizeof to, &bytes, 1, NULL, 0, 0 } };
	struct mmsghdr in = { .msg_hdr = { &from, sizeof from, &bytes, 1, NULL, 0, 0 } };
	socklen_t len = sizeof from;
	long fd = syscall(SYS_socket, AF_UNIX, SOCK_DGRAM, 0);

	snprintf(to.sun_path, sizeof to.sun_path, "%.90s.d", path);
	TRY(bind, fd, &to, sizeof to);
	memset(&from, 0, sizeof from);
	TRY(sendto, fd, &byte, 1, 0, &to, sizeof to);
	TRY(recvfrom, fd, &byte, 1, 0, &from, &len);
	say_name(&from, len);
	memset(&from, 0, sizeof from);
	TRY(sendmsg, fd, &out.msg_hdr, 0);
	TRY(recvmsg, fd, &in.msg_hdr, 0);
	say_name(&from, in.msg_hdr.msg_namelen);
	memset(&from, 0, sizeof from);
	in.msg_hdr.msg_namelen = sizeof from;
#if defined SYS_sendmmsg && defined SYS_recvmmsg
	TRY(sendmmsg, fd, &out, 1, 0);
	TRY(recvmmsg, fd, &in, 1, 0, NULL);
	say_name(&from, in.msg_hdr.msg_namelen);
#ifdef SYS_recvmmsg_time64
	memset(&from, 0, sizeof from);
	in.msg_hdr.msg_namelen = sizeof from;
	TRY(sendmmsg, fd, &out, 1, 0);
	TRY(recvmmsg_time64, fd, &in, 1, 0, NULL);
	say_name(&from, in.msg_hdr.msg_namelen);
#endif
#endif
	close((int)fd);
}

#ifdef SYS_socketcall
/* One call for all, whose arguments lie before what is not mapped. */
static void by_socketcall(const char *path)
{
	const long size = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * (size_t)size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	long fd = syscall(SYS_socket, AF_UNIX, SOCK_DGRAM, 0);
	long arg[] = { fd, (long)&a, sizeof a };

	if (pages == MAP_FAILED || munmap(pages + size, (size_t)size) < 0)
		return;
	snprintf(a.sun_path, sizeof a.sun_path, "%.90s.s", path);
	memcpy(pages + size - sizeof arg, arg, sizeof arg);
	TRY(socketcall, 2, pages + size - sizeof arg);
	TRY(access, a.sun_path, F_OK);
	munmap(pages, (size_t)size);
	close((int)fd);
}
#endif
#endif

static int by_socket(const char *path)
{
#ifdef SYS_bind
	struct sockaddr_un a = { .sun_family = AF_UNIX }, server;
	socklen_t len = sizeof a;
	long fd = syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0), client;

	strcpy(a.sun_path, path);
	server = a;
	TRY(bind, fd, &a, sizeof a);
	TRY(listen, fd, 1);
	client = syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0);
	TRY(connect, client, &a, sizeof a);
	memset(&a, 0, sizeof a);
	TRY(getpeername, client, &a, &len);
	printf("%s %u\n", a.sun_path, len);
	len = sizeof a;
	memset(&a, 0, sizeof a);
	TRY(getsockname, fd, &a, &len);
	printf("%s %u\n", a.sun_path, len);
	close((int)syscall(SYS_accept4, fd, NULL, NULL, 0));
	take(fd, &server, true);
	take(fd, &server, false);
	messages(path);
#ifdef SYS_socketcall
	by_socketcall(path);
#endif
#else
	printf("no numbers of their own for sockets %s\n", path);
#endif
	return 0;
}

/* Directories by descriptor, another root, and filters: none of them is left out. */
static int moves(const char *dir)
{
	char cwd[256] = "";
	long fd = syscall(SYS_openat, AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);

	TRY(fchdir, fd);
	TRY(fchdir, -1);
	printf("%s\n", getcwd(cwd, sizeof cwd));
	TRY(chroot, "/no/such");
	TRY(prctl, PR_GET_DUMPABLE, 0, 0, 0, 0);
	TRY(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	TRY(prctl, PR_SET_SECCOMP, 99, 0, 0, 0);
	TRY(prctl, PR_SET_SECCOMP, 2, NULL, 0, 0); /* SECCOMP_MODE_FILTER */
#ifdef SYS_seccomp
	TRY(seccomp, 1, 0, NULL); /* SECCOMP_SET_MODE_FILTER */
	TRY(seccomp, 99, 0, NULL);
#endif
#ifdef SYS_fstat
	TRY(fstat, fd, name);
	TRY(fstat, -1, name);
#endif
	close((int)fd);
	return 0;
}

/* A ring, by which files can be opened that no library sees. */
static int ring(void)
{
	char parameters[120] = "";

	errno = 0;
	printf("ring: %d, ", syscall(425, 2, parameters) >= 0);
	printf("%s\n", errno ? strerrorname_np(errno) : "0");
	return 0;
}

int main(int argc, char **argv)
{
	const char *call = argc > 1 ? argv[1] : "", *a = argc > 2 ? argv[2] : "/tmp";

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(call, "paths"))
		return paths(a);
	if (!strcmp(call, "openat2"))
		return by_openat2();
	if (!strcmp(call, "openat2-name")) {
		by_name = true;
		return by_openat2();
	}
	if (!strcmp(call, "within"))
		return stays_within(a, argv[3]);
	if (!strcmp(call, "cwd"))
		return cwd(a);
	if (!strcmp(call, "others"))
		return others();
	if (!strcmp(call, "exec"))
		return run_reader(a);
	if (!strcmp(call, "fork"))
		return by_fork(a);
	if (!strcmp(call, "thread"))
		return by_thread();
	if (!strcmp(call, "exit"))
		return by_exit(a);
	if (!strcmp(call, "wide"))
		return wide(a);
	if (!strcmp(call, "socket"))
		return by_socket(a);
	if (!strcmp(call, "moves"))
		return moves(a);
	if (!strcmp(call, "ring"))
		return ring();
	return 2;
}
