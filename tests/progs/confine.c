/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Opens a file past every library: by machine code of its own.
 *
 *   confine direct|descriptor|procfs|handle|uring|rename|stat PATH
 *       prints "ok", or the name of the errno; 77: not on this machine
 *   confine without NAME|ERRNO COMMAND...
 *       runs COMMAND where landlock_create_ruleset fails with that errno; or, where NAME
 *       is "namespaces", where none of users can be had, and programs get no new rights
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LANDLOCK_CREATE = 444, SKIPPED = 77 };

#if defined __x86_64__ && defined __LP64__
static long direct(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}
#elif defined __aarch64__
static long direct(long nr, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}
#else
static long direct(long nr, long a, long b, long c, long d, long e, long f)
{
	(void)nr, (void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
	exit(SKIPPED);
}
#endif

static long open_direct(int dirfd, const char *path, int flags)
{
	return direct(SYS_openat, dirfd, (long)path, flags, 0600, 0, 0);
}

/* The file's name, seen from a descriptor of "/". */
static long by_descriptor(const char *path)
{
	long root = open_direct(AT_FDCWD, "/", O_PATH | O_DIRECTORY);

	return root < 0 ? root : open_direct((int)root, path + 1, O_RDWR | O_CREAT);
}

/* By a descriptor that only names it. */
static long by_procfs(const char *path)
{
	char name[64];
	long fd = open_direct(AT_FDCWD, path, O_PATH);

	if (fd < 0)
		return fd;
	snprintf(name, sizeof name, "/proc/self/fd/%ld", fd);
	return open_direct(AT_FDCWD, name, O_RDWR);
}

static long by_handle(const char *path)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} u;
	int mount;
	long ret, root = open_direct(AT_FDCWD, "/tmp", O_RDONLY | O_DIRECTORY);

	memset(&u, 0, sizeof u);
	u.handle.handle_bytes = MAX_HANDLE_SZ;
	ret = direct(SYS_name_to_handle_at, AT_FDCWD, (long)path, (long)&u.handle,
		     (long)&mount, 0, 0);
	if (ret < 0)
		return ret;
	return direct(SYS_open_by_handle_at, root, (long)&u.handle, O_RDWR, 0, 0, 0);
}

static void *map_ring(long ring, size_t size, long long offset)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			(int)ring, (off_t)offset);

	if (at == MAP_FAILED)
		exit(SKIPPED);
	return at;
}

/* By a request in a ring, which no library sees. */
static long by_uring(const char *path)
{
	struct io_uring_params p;
	long ring, ret;

	memset(&p, 0, sizeof p);
	ring = direct(SYS_io_uring_setup, 2, (long)&p, 0, 0, 0, 0);
	if (ring < 0)
		exit(SKIPPED);

	char *sq = map_ring(ring, p.sq_off.array + p.sq_entries * sizeof(unsigned),
			    IORING_OFF_SQ_RING);
	char *cq = map_ring(ring,
			    p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe),
			    IORING_OFF_CQ_RING);
	struct io_uring_sqe *sqe =
		map_ring(ring, p.sq_entries * sizeof *sqe, IORING_OFF_SQES);
	struct io_uring_cqe *cqe = (void *)(cq + p.cq_off.cqes);
	unsigned *array = (void *)(sq + p.sq_off.array),
		 *tail = (void *)(sq + p.sq_off.tail);

	memset(sqe, 0, sizeof *sqe);
	sqe->opcode = IORING_OP_OPENAT;
	sqe->fd = AT_FDCWD;
	sqe->addr = (unsigned long)path;
	sqe->len = 0600;
	sqe->open_flags = O_RDWR | O_CREAT;
	array[0] = 0;
	__atomic_store_n(tail, 1, __ATOMIC_RELEASE);
	ret = direct(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, 0, 0);
	return ret < 0 ? ret : cqe->res;
}

static long by_rename(const char *path)
{
	char to[256];

	snprintf(to, sizeof to, "%s.moved", path);
	return direct(SYS_renameat2, AT_FDCWD, (long)path, AT_FDCWD, (long)to, 0, 0);
}

static long by_stat(const char *path)
{
	char room[256];

	return direct(SYS_statx, AT_FDCWD, (long)path, 0, 0x7ff, (long)room, 0);
}

static int try(const char *how, const char *path)
{
	long ret;

	if (!strcmp(how, "direct"))
		ret = open_direct(AT_FDCWD, path, O_RDWR | O_CREAT);
	else if (!strcmp(how, "descriptor"))
		ret = by_descriptor(path);
	else if (!strcmp(how, "procfs"))
		ret = by_procfs(path);
	else if (!strcmp(how, "handle"))
		ret = by_handle(path);
	else if (!strcmp(how, "uring"))
		ret = by_uring(path);
	else if (!strcmp(how, "rename"))
		ret = by_rename(path);
	else if (!strcmp(how, "stat"))
		ret = by_stat(path);
	else
		return 2;
	errno = ret < 0 ? (int)-ret : 0;
	puts(ret >= 0 ? "ok" : errno == EACCES ? "EACCES" : strerror(errno));
	return ret < 0;
}

#define LOAD(field) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, (value))

static int without(const char *what, char **command)
{
	const unsigned error = what[0] == 'n' ? EPERM : (unsigned)atoi(what);
	const unsigned nr = what[0] == 'n' ? SYS_unshare : LANDLOCK_CREATE;
	struct sock_filter filter[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		RETURN(SECCOMP_RET_ERRNO | error),
		RETURN(SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof filter / sizeof *filter, filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		return SKIPPED;
	execvp(command[0], command);
	return 127;
}

int main(int argc, char **argv)
{
	if (argc > 3 && !strcmp(argv[1], "without"))
		return without(argv[2], argv + 3);
	return argc == 3 ? try(argv[1], argv[2]) : 2;
}
