/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Starting the reaper from inside a program that must not notice: no child
 * that wait(2) would report, no SIGCHLD, no descriptor, no stack of the
 * caller's, and no copy of its memory.
 *
 * Two clones without an exit signal, both as vfork does it: the first is
 * waited for here at once (only __WCLONE sees it), the second belongs to init
 * and becomes the helper.
 *
 * It is there before the session is: a pipe that it has as its standard input
 * ends when all has been made, or when who was to do that has died half way.
 */
#define _GNU_SOURCE
#include "session/session.h"
#include "core/sys.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { STACK = 16384 };

typedef int clone_fn(int (*fn)(void *), void *stack, int flags, void *arg, ...);

struct start {
	char reaper[PATH_MAX];
	char *argv[3];
	char *stack;	/* of the second clone */
	clone_fn *clone;	/* libc's, behind our own */
	int gate;	/* its standard input, or -1 */
	int error;	/* why the helper could not be started */
};

/* Leaves nothing of the program's in the helper but GATE (see above). */
static void shed(int gate)
{
	SYS1(SYS_setsid, 0);
	sys_chdir("/");
	if (gate > 0)
		SYS3(SYS_dup3, gate, 0, 0);
	else if (gate < 0)
		sys_close(0);
#ifdef SYS_close_range
	if (SYS3(SYS_close_range, 1, ~0U, 0) < 0)
#endif
		for (int fd = 1; fd < 4096; fd++)
			sys_close(fd);
	/* The lowest numbers that are free. */
	for (int fd = gate < 0 ? 0 : 1; fd < 3; fd++)
		sys_openat(AT_FDCWD, "/dev/null", O_RDWR, 0);
}

/* What little the program was allowed must not keep the helper from its work. */
static void lift_limits(void)
{
	static const unsigned char limits[] = {
		RLIMIT_AS, RLIMIT_CPU, RLIMIT_DATA, RLIMIT_FSIZE,
		RLIMIT_NOFILE, RLIMIT_STACK
	};

	for (size_t i = 0; i < sizeof limits; i++) {
		const uint64_t want = limits[i] == RLIMIT_NOFILE ? 1024 :
				      limits[i] == RLIMIT_STACK ? 1 << 23 :
								  UINT64_MAX;
		uint64_t limit[2], more[2] = { want, want };

		if (SYS4(SYS_prlimit64, 0, limits[i], NULL, limit) < 0 ||
		    limit[0] >= want)
			continue;
		/* Only a privileged process may have more than was set. */
		if (limit[1] < want &&
		    SYS4(SYS_prlimit64, 0, limits[i], more, NULL) == 0)
			continue;
		limit[0] = limit[1];
		SYS4(SYS_prlimit64, 0, limits[i], limit, NULL);
	}
}

/*
 * In a set-user-ID program the real user could end the helper by a signal. The
 * credentials of a child are its own even where the memory is not.
 */
static void own_up(void)
{
#ifdef SYS_setresuid32
	const long set_group = SYS_setresgid32, set_user = SYS_setresuid32;
	long group = SYS1(SYS_getegid32, 0), user = SYS1(SYS_geteuid32, 0);
#else
	const long set_group = SYS_setresgid, set_user = SYS_setresuid;
	long group = SYS1(SYS_getegid, 0), user = SYS1(SYS_geteuid, 0);
#endif

	SYS3(set_group, group, group, group);
	SYS3(set_user, user, user, user);
}

static int become_helper(void *arg)
{
	struct start *start = arg;
	char *none[] = { NULL };

	shed(start->gate);
	lift_limits();
	own_up();
	start->error = (int)-SYS3(SYS_execve, start->reaper, start->argv, none);
	SYS1(SYS_exit, 127);
	return 0;
}

static int go_between(void *arg)
{
	struct start *start = arg;

	if (start->clone(become_helper, start->stack + STACK,
			 CLONE_VM | CLONE_VFORK, start) < 0)
		start->error = errno;
	SYS1(SYS_exit, 0);
	return 0;
}

/* Runs the two clones; memory and signals are the caller's to care for. */
static int start_helper(struct start *start, char *stack)
{
	int saved = errno, status;
	int pid = start->clone(go_between, stack + STACK,
			       CLONE_VM | CLONE_VFORK, start);

	if (pid < 0)
		start->error = errno;
	else
		SYS4(SYS_wait4, pid, &status, __WCLONE, NULL);
	errno = saved;
	return -start->error;
}

/* The helper's work, in a copy of this process. All signals are blocked. */
static void be_helper(int gate)
{
	char byte;

	SYS2(SYS_prctl, PR_SET_NAME, "privtmp-reaper");
	shed(gate);
	lift_limits();
	own_up();
	if (pt_session.page)
		session_let_go();
	sys_read(0, &byte, 1);
	session_reap(pt_session.root, true, NULL, NULL);
	SYS1(SYS_exit_group, 0);
}

static long apart(void)
{
	return pt_session.apart ? CLONE_NEWNS : 0;
}

/* The signal of a child that has been waited for, blocked, is taken back. */
static void forget_child(const unsigned long *pending)
{
	const unsigned long child[2] = { 1UL << (SIGCHLD - 1), 0 };
	const long at_once[2] = { 0, 0 };

	if (!(pending[0] & child[0]))
		SYS4(SYS_rt_sigtimedwait, child, NULL, at_once, _NSIG / 8);
}

/*
 * Where no helper can be executed (after chroot): a copy of this process. An
 * emulator of another machine may know children with SIGCHLD only.
 */
static int start_copy(int gate)
{
	unsigned long pending[_NSIG / 8 / sizeof(long) + 1] = { 0 };
	int signal = 0;
	long pid;

	SYS2(SYS_rt_sigpending, pending, _NSIG / 8);
	pid = SYS2(SYS_clone, apart(), 0);
	if (pid == -EINVAL) {
		signal = SIGCHLD;
		pid = SYS2(SYS_clone, apart() | signal, 0);
	}
	if (pid == 0) {
		if (SYS2(SYS_clone, signal, 0) == 0)
			be_helper(gate);
		SYS1(SYS_exit_group, 0);
	}
	if (pid < 0)
		return (int)pid;
	SYS4(SYS_wait4, pid, NULL, signal ? 0 : __WCLONE, NULL);
	if (signal)
		forget_child(pending);
	return 0;
}

/*
 * Orphans become this process's children, and one that had been executed would
 * be seen by wait(2): so a copy, which is a child without an exit signal.
 */
static int start_child(int gate)
{
	long pid = SYS2(SYS_clone, apart(), 0);

	if (pid == 0)
		be_helper(gate);
	return pid < 0 ? (int)pid : 0;
}

static bool is_subreaper(void)
{
	int is = 0;

	SYS2(SYS_prctl, PR_GET_CHILD_SUBREAPER, &is);
	return is;
}

static void *libc_clone;

void reaper_prepare(void)
{
	if (!__atomic_load_n(&libc_clone, __ATOMIC_RELAXED))
		__atomic_store_n(&libc_clone, dlsym(RTLD_NEXT, "clone"),
				 __ATOMIC_RELAXED);
}

static int start_any(int gate)
{
	struct session *s = &pt_session;
	const struct text *path = &s->lease.policy.reaper;
	struct start *start;
	int error, ret = -ENOENT;
	char *pages;

	if (is_subreaper())
		return start_child(gate);
	pages = sys_pages(3 * STACK, &error);
	if (!pages)
		return -error;
	start = (struct start *)pages;
	start->gate = gate;
	reaper_prepare();
	start->clone = (clone_fn *)__atomic_load_n(&libc_clone, __ATOMIC_RELAXED);
	/* Where "/" is another, so may be what that path leads to. */
	if (start->clone && !s->moved && path->len &&
	    path->len < sizeof start->reaper) {
		memcpy(start->reaper, path->at, path->len);
		start->argv[0] = (char *)"privtmp-reaper";
		start->argv[1] = s->root;
		start->stack = pages + 2 * STACK;
		ret = start_helper(start, pages + STACK);
	}
	sys_unmap(pages, 3 * STACK);
	return ret < 0 ? start_copy(gate) : 0;
}

int reaper_start(int *gate)
{
	sigset_t all, before;
	int ends[2] = { -1, -1 }, ret;

	if (gate)
		*gate = -1;
	/* When the first process of a namespace dies, every helper dies, too. */
	if (sys_getpid() == 1)
		return 0;
	memset(&all, 0xff, sizeof all);
	SYS4(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, _NSIG / 8);
	if (gate && (ret = (int)SYS2(SYS_pipe2, ends, O_CLOEXEC)) < 0)
		ends[0] = ends[1] = -1;
	else
		ret = start_any(ends[0]);
	SYS4(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, _NSIG / 8);
	if (ends[0] >= 0)
		sys_close(ends[0]);
	if (ret == 0 && gate)
		*gate = ends[1];
	else if (ends[1] >= 0)
		sys_close(ends[1]);
	return ret;
}
