/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * System calls by number that need more than their paths redirected; see gate.h. Where
 * libc's function is the plain call, its wrapper is used.
 */
#define _GNU_SOURCE
#include "wrap/exec.h"
#include "syscall/gate.h"
#include "policy/inherited.h"
#include "wrap/getdents.h"
#include "wrap/openat2.h"
#include "wrap/filter.h"
#include "wrap/mounts.h"
#include "wrap/setuid.h"
#include "wrap/shm.h"
#include "wrap/socket.h"
#include "route/out.h"
#include "core/sys.h"
#include "session/leave.h"
#include "policy/scan.h"
#include "session/plan.h"
#include "session/session.h"

#include <errno.h>
#include <limits.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* An argument, in its type. */
#define INT(n) ((int)arg[(n)-1])
#define SIZE(n) ((size_t)arg[(n)-1])
#define POINTER(n) ((void *)arg[(n)-1])
#ifdef __GLIBC__
#define MANY_FLAGS(n) INT(n)
#else
#define MANY_FLAGS(n) ((unsigned)arg[(n)-1])
#endif

/* A call by its wrapper. */
#define BY_NAME(name, ...) \
	long gate_##name(long number, const long *arg) \
	{ \
		(void)number; \
		return name(__VA_ARGS__); \
	}

BY_NAME(readlink, POINTER(1), POINTER(2), SIZE(3))
BY_NAME(readlinkat, INT(1), POINTER(2), POINTER(3), SIZE(4))
BY_NAME(symlink, POINTER(1), POINTER(2))
BY_NAME(symlinkat, POINTER(1), INT(2), POINTER(3))
BY_NAME(unlinkat, INT(1), POINTER(2), INT(3))
BY_NAME(chdir, POINTER(1))
BY_NAME(fchdir, INT(1))
BY_NAME(chroot, POINTER(1))
BY_NAME(setns, INT(1), INT(2))
BY_NAME(unshare, INT(1))
BY_NAME(execve, POINTER(1), POINTER(2), POINTER(3))
BY_NAME(bind, INT(1), POINTER(2), (socklen_t)arg[2])
BY_NAME(connect, INT(1), POINTER(2), (socklen_t)arg[2])
BY_NAME(accept, INT(1), POINTER(2), POINTER(3))
BY_NAME(accept4, INT(1), POINTER(2), POINTER(3), INT(4))
BY_NAME(getsockname, INT(1), POINTER(2), POINTER(3))
BY_NAME(getpeername, INT(1), POINTER(2), POINTER(3))
BY_NAME(sendto, INT(1), POINTER(2), SIZE(3), INT(4), POINTER(5), (socklen_t)arg[5])
BY_NAME(recvfrom, INT(1), POINTER(2), SIZE(3), INT(4), POINTER(5), POINTER(6))
BY_NAME(sendmsg, INT(1), POINTER(2), INT(3))
BY_NAME(recvmsg, INT(1), POINTER(2), INT(3))
BY_NAME(sendmmsg, INT(1), POINTER(2), (unsigned)arg[2], MANY_FLAGS(4))
BY_NAME(recvmmsg, INT(1), POINTER(2), (unsigned)arg[2], MANY_FLAGS(4), POINTER(5))

#ifdef SYS_recvmmsg_time64
static int recvmmsg_by_number(int fd, struct mmsghdr *messages, unsigned n, int flags,
			      void *timeout)
{
	const long arg[] = { fd, (long)messages, (long)n, flags, (long)timeout, 0 };

	return (int)gate_pass(SYS_recvmmsg_time64, arg);
}

long gate_recvmmsg_time64(long number, const long *arg)
{
	(void)number;
	return socket_receive(recvmmsg_by_number, INT(1), POINTER(2), (unsigned)arg[2],
			      INT(4), POINTER(5));
}
#endif

/* -- The working directory -- */

/* The system call returns the length with the NUL. */
static long view_cwd(char *out, size_t size)
{
	int error;
	char *room = sys_pages(OUT_ROOM, &error), *own = NULL;
	ssize_t n = room ? out_cwd(room, &own) : -error;

	if (n == 0)
		n = -ENAMETOOLONG;
	if (n > 0 && (size_t)n > size)
		n = -ERANGE;
	if (n > 0 && own)
		memcpy(out, own, (size_t)n);
	if (room)
		sys_unmap(room, OUT_ROOM);
	if (n >= 0)
		return n;
	errno = (int)-n;
	return -1;
}

long gate_getcwd(long number, const long *arg)
{
	char *out = (char *)arg[0];
	size_t size = (size_t)arg[1];

	if (!pt_view.cwd_inside || !view_bytes_probe(out, size))
		return gate_pass(number, arg);
	return view_cwd(out, size);
}

/* -- Listing -- */

static long getdents_by_number(int fd, void *room, size_t size)
{
	const long arg[] = { fd, (long)room, (long)size, 0, 0, 0 };

	return gate_pass(SYS_getdents64, arg);
}

long gate_getdents64(long number, const long *arg)
{
	(void)number;
	return getdents_list(getdents_by_number, INT(1), POINTER(2), SIZE(3));
}

/* -- Mounts -- */

/* Shows the text at OFFSET by the view's names, if it is within ROOM bytes. */
static void show_mount(char *texts, size_t room, uint32_t offset)
{
	if (offset < room)
		mounts_cut(texts + offset);
}

/* What libmount reads instead of procfs's list, and names as that does. */
long gate_statmount(long number, const long *arg)
{
	struct mount_told *told = POINTER(2);
	const long ret = gate_pass(number, arg);
	char *const texts = (char *)(told + 1);

	if (ret != 0 || !pt_view.policy || SIZE(3) < sizeof *told)
		return ret;
	if (told->mask & MOUNT_ROOT)
		show_mount(texts, SIZE(3) - sizeof *told, told->root);
	if (told->mask & MOUNT_POINT)
		show_mount(texts, SIZE(3) - sizeof *told, told->point);
	return ret;
}

/* -- Message queues -- */

long gate_mq_open(long number, const long *arg)
{
	return shm_refuses_queue(POINTER(1)) ? -1 : gate_pass(number, arg);
}

/* -- Rings -- */

/*
 * What is asked for in a ring, no library sees. EPERM is what a kernel answers whose
 * kernel.io_uring_disabled is set, and what containers' filters do. So programs try
 * another way, and nothing is reported.
 */
long gate_io_uring(long number, const long *arg)
{
	(void)session_ask();
	if (!pt_view.policy || pt_view.confined)
		return gate_pass(number, arg);
	errno = EPERM;
	return -1;
}

/* -- openat2 -- */

static long openat2_by_number(int dirfd, const char *path, const struct open_how *how,
			      size_t size)
{
	const long arg[] = { dirfd, (long)path, (long)how, (long)size, 0, 0 };

	return gate_pass(SYS_openat2, arg);
}

long gate_openat2(long number, const long *arg)
{
	(void)number;
	return openat2_open(openat2_by_number, INT(1), POINTER(2), POINTER(3), SIZE(4));
}

/* -- Programs and processes -- */

long gate_execveat(long number, const long *arg)
{
	(void)number;
	return exec_at(NULL, INT(1), POINTER(2), POINTER(3), POINTER(4), INT(5));
}

long gate_exit_group(long number, const long *arg)
{
	session_leave(true);
	return gate_pass(number, arg);
}

/* Call before a clone with FLAGS. */
static void cloning(unsigned long flags)
{
	view_cloning(flags);
	if (flags & CLONE_NEWUSER)
		session_need_backings(); /* see pt_unshare */
}

/* A child with its own memory. (One with a stack of its own does not come here.) */
static long fork_by(long number, const long *arg)
{
	long pid;

	session_share();
	pid = gate_pass(number, arg);
	if (pid == 0)
		session_forked();
	return pid;
}

long gate_fork(long number, const long *arg)
{
	return fork_by(number, arg);
}

long gate_clone(long number, const long *arg)
{
#ifdef __s390__
	unsigned long flags = (unsigned long)arg[1];
#else
	unsigned long flags = (unsigned long)arg[0];
#endif
	cloning(flags);
	return flags & CLONE_VM ? gate_pass(number, arg) : fork_by(number, arg);
}

long gate_clone3(long number, const long *arg)
{
	const uint64_t *flags = POINTER(1);

	if (SIZE(2) < sizeof *flags || !view_bytes_probe(flags, sizeof *flags))
		return gate_pass(number, arg);
	cloning((unsigned long)*flags);
	return *flags & CLONE_VM ? gate_pass(number, arg) : fork_by(number, arg);
}

struct filter_call {
	long number;
	const long *arg;
};

static long call_filter(const void *arg)
{
	const struct filter_call *c = arg;
	const long ret = gate_pass(c->number, c->arg);

	/*
	 * SECCOMP_FILTER_FLAG_TSYNC fails, with a thread's id, where a thread has
	 * another filter.
	 */
	if (c->number == SYS_seccomp && ret > 0 &&
	    !((unsigned long)c->arg[1] & SECCOMP_FILTER_FLAG_NEW_LISTENER))
		return -1 - ret;
	return ret;
}

/* See pt_prctl. */
long gate_prctl(long number, const long *arg)
{
	const struct filter_call c = { number, arg };

	if (INT(1) == PR_SET_SECCOMP)
		return filter_by(call_filter, &c,
				 arg[1] == SECCOMP_MODE_FILTER ? POINTER(3) : NULL);
	if (INT(1) == PR_SET_NO_NEW_PRIVS)
		session_share();
	return gate_pass(number, arg);
}

long gate_seccomp(long number, const long *arg)
{
	const struct filter_call c = { number, arg };
	long ret;

	if (INT(1) != SECCOMP_SET_MODE_FILTER && INT(1) != SECCOMP_SET_MODE_STRICT)
		return gate_pass(number, arg);
	ret = filter_by(call_filter, &c,
			INT(1) == SECCOMP_SET_MODE_FILTER ? POINTER(3) : NULL);
	return ret < -1 ? -1 - ret : ret;
}

/* setuid and the like, with one, two or three users. */
long gate_identity(long number, const long *arg)
{
	struct setuid_change change;
	int users = 1;
	bool good = false;
	long ret;

#ifdef SYS_setuid32
	if (number == SYS_setreuid32)
		users = 2;
	if (number == SYS_setresuid32)
		users = 3;
#endif
#ifdef SYS_setuid
	if (number == SYS_setreuid)
		users = 2;
	if (number == SYS_setresuid)
		users = 3;
#endif
#ifdef SYS_setuid32
	good = number == SYS_setuid32;
#endif
#ifdef SYS_setuid
	good |= number == SYS_setuid;
#endif
	const unsigned uid[] = { (unsigned)arg[0], (unsigned)arg[1], (unsigned)arg[2] };

	if (users > 1)
		good = uid[0] == uid[1] && (users == 2 || uid[0] == uid[2]);
	setuid_begin(&change, uid, users, false, good);
	ret = gate_pass(number, arg);
	setuid_end(&change);
	return ret;
}

/* -- Sockets on 32 bits -- */

#ifdef SYS_socketcall
long gate_socketcall(long number, const long *arg)
{
	/* Behind as many arguments as a call takes, there need not be anything. */
	static const struct {
		gate_call *make;
		unsigned char takes;
	} calls[] = {
		[2] = { gate_bind, 3 },	       [3] = { gate_connect, 3 },
		[5] = { gate_accept, 3 },      [6] = { gate_getsockname, 3 },
		[7] = { gate_getpeername, 3 }, [11] = { gate_sendto, 6 },
		[12] = { gate_recvfrom, 6 },   [16] = { gate_sendmsg, 3 },
		[17] = { gate_recvmsg, 3 },    [18] = { gate_accept4, 4 },
		[19] = { gate_recvmmsg, 5 },   [20] = { gate_sendmmsg, 4 },
	};
	const long *given = POINTER(2);
	unsigned long which = (unsigned long)arg[0];
	long all[6] = { 0 };

	if (which >= sizeof calls / sizeof *calls || !calls[which].make ||
	    !view_bytes_probe(given, calls[which].takes * sizeof *given))
		return gate_pass(number, arg);
	memcpy(all, given, calls[which].takes * sizeof *given);
	return calls[which].make(number, all);
}
#endif
