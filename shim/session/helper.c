/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Starting the helper; see helper.h.
 *
 *     member ---- clone: memory, descriptors ----> maker --- clone: memory --> helper
 *       |  waits (vfork)                            |  makes all     executes, is
 *       |                                           |  ends          init's child
 *       v  goes on, with the lock in its memory     v
 *
 * The maker first leaves the member's session and process group, so that a signal to
 * these does not end it half-way. Neither clone has an exit signal: only __WCLONE sees
 * the first, and the second is init's child. The helper has a copy of the descriptors
 * and keeps those of the root and the lease. Its program's path is compiled in, never
 * read from a session.
 */
#define _GNU_SOURCE
#include "session/helper.h"
#include "core/hole.h"
#include "core/seccomp.h"
#include "core/signals.h"
#include "core/sys.h"
#include "core/valgrind.h"
#include "session/copy.h"
#include "session/own.h"
#include "session/reap.h"
#include "session/remove.h"
#include "session/session.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { STACK = 32768 };

/*
 * The thread sanitizer takes processes that share memory for one thread, and tells of
 * races between them: built with it, the shim does without, as in an emulator.
 */
#ifdef __SANITIZE_THREAD__
enum { MEMORY_IS_SHARED = 0 };
#else
enum { MEMORY_IS_SHARED = 1 };
#endif

struct start {
	char program[PATH_MAX]; /* path of the helper; empty: none */
	char *argv[HELPER_FIRST + 1];
	char *stack;		   /* of the second clone */
	struct making *making;	   /* NULL: the session exists */
	const struct making *made; /* a copy must release its lock; NULL: none */
	int root, lease;	   /* descriptors of its root and lease */
	bool watched;		   /* a helper is wanted */
	bool copy;		   /* the helper must not be executed */
	bool subreaper;		   /* for that reason: see is_subreaper */
	bool child;		   /* it stays the tool's child */
	int flags;		   /* further clone flags for it */
	int error;		   /* why it could not be started */
	bool ended;		   /* the maker has finished */
	bool became;		   /* it has become the helper */
	int pid;
};

/* Moves the descriptor FD to TO, replacing what is there. */
static void move_descriptor(int fd, int to)
{
	if (fd == to) {
		SYS3(SYS_fcntl, fd, F_SETFD, 0);
		return;
	}
	SYS3(SYS_dup3, fd, to, 0);
	sys_close(fd);
}

/*
 * Closes all of the program's descriptors but root and lease. A low RLIMIT_NOFILE may
 * leave room for little more than these, so there are no standard streams; the helper
 * writes nothing.
 */
static void shed(const struct start *start)
{
	int root = start->root, lease = start->lease;
	const int low = root < lease ? root : lease, high = root + lease - low;

	sys_close_between(0, low - 1);
	sys_close_between(low + 1, high - 1);
	sys_close_from(high + 1);
	/* Frees the number that root needs. */
	if (lease == HELPER_ROOT)
		lease = (int)SYS3(SYS_fcntl, lease, F_DUPFD, 0);
	move_descriptor(root, HELPER_ROOT);
	move_descriptor(lease, HELPER_LEASE);
}

/* Raises limits of the program that would stop the helper. */
static void lift_limits(void)
{
	static const struct {
		int what;
		uint64_t want;
	} limits[] = {
		{ RLIMIT_AS, UINT64_MAX },   { RLIMIT_CPU, UINT64_MAX },
		{ RLIMIT_DATA, UINT64_MAX }, { RLIMIT_FSIZE, UINT64_MAX },
		{ RLIMIT_NOFILE, 1024 },     { RLIMIT_STACK, 8 << 20 },
	};

	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		const int what = limits[i].what;
		const uint64_t want = limits[i].want;
		uint64_t limit[2], more[2] = { want, want };

		if (SYS4(SYS_prlimit64, 0, what, NULL, limit) < 0 || limit[0] >= want)
			continue;
		/* Only a privileged process can exceed the hard limit. */
		if (limit[1] < want && SYS4(SYS_prlimit64, 0, what, more, NULL) == 0)
			continue;
		limit[0] = limit[1];
		SYS4(SYS_prlimit64, 0, what, limit, NULL);
	}
}

/*
 * In a set-user-ID program, the real user could kill the helper. Credentials are the
 * child's own, even where the memory is shared.
 */
static void settle_ids(void)
{
	const unsigned group = sys_getegid(), user = sys_geteuid();

	if (HOLE(ids))
		return;
	SYS3(SYS_OF_ID(setresgid), group, group, group);
	SYS3(SYS_OF_ID(setresuid), user, user, user);
}

/*
 * Detaches from the program's session, directory and umask, so that they do not affect
 * or end the maker.
 */
static void stand_apart(void)
{
	SYS1(SYS_setsid, 0);
	sys_chdir("/");
	SYS1(SYS_umask, 0);
	lift_limits();
	settle_ids();
}

static int execute_helper(void *arg)
{
	struct start *start = arg;
	char *envp[] = { hole_variable(), NULL };

	SYS1(SYS_setsid, 0);
	shed(start);
	start->error = (int)-SYS3(SYS_execve, start->program, start->argv, envp);
	start->became = false;
	SYS1(SYS_exit, 127);
	return 0;
}

/* Does the helper's work in a copy of this process. All signals are blocked. */
static void be_helper(const struct start *start)
{
	struct session *s = &pt_session;
	struct remains untold = { 0, 0, "" };

	SYS2(SYS_prctl, PR_SET_NAME, HELPER_COMM);
	shed(start);
	if (start->made && start->made->lock)
		sys_unmap(start->made->lock, start->made->locked);
	if (s->lock)
		sys_unmap(s->lock, s->locked);
	session_reap(HELPER_ROOT, HELPER_LEASE, true, NULL, &untold);
	SYS1(SYS_exit_group, 0);
}

/*
 * Used where no helper can be executed (after chroot), or must not be. Emulators may
 * allow only SIGCHLD as a child's exit signal. 0 or -errno.
 */
static int start_copy(const struct start *start)
{
	/* A child that is handed down gets an exit signal: it must be one at once. */
	const int flags = start->flags | (start->subreaper ? CLONE_PARENT : 0);
	long pid = SYS2(SYS_clone, flags, 0);

	if (pid == -EINVAL)
		pid = SYS2(SYS_clone, flags | SIGCHLD, 0);
	if (pid == 0)
		be_helper(start);
	return pid < 0 ? (int)pid : 0;
}

static void start_second(struct start *start)
{
	int flags = CLONE_VM | CLONE_VFORK | start->flags;

	if (start->program[0] && !start->copy && MEMORY_IS_SHARED) {
		start->pid = sys_clone(execute_helper, start->stack + STACK,
				       flags | (start->child ? CLONE_PARENT : 0), start);
		if (start->pid < 0)
			start->error = -start->pid;
		if (!start->error)
			return;
	}
	/* A tool would wait for a child whose pid it does not know. */
	if (!start->child)
		start->error = -start_copy(start);
}

/*
 * A tool's maker becomes the helper, since it is the tool's child already. It has a table of
 * descriptors of its own from then on. Where it may not have that, it returns.
 */
static void become_helper(struct start *start)
{
	if (!start->child || !start->making || !start->program[0] || start->copy ||
	    SYS1(SYS_unshare, CLONE_FILES) < 0)
		return;
	start->pid = sys_getpid();
	start->ended = start->became = true;
	execute_helper(start);
}

static int be_maker(void *arg)
{
	struct start *start = arg;

	stand_apart();
	if (start->making) {
		make_session(start->making);
		start->root = start->making->root;
		start->lease = start->making->lease;
	}
	if (start->root >= 0 && start->watched) {
		become_helper(start);
		start_second(start);
	}
	start->ended = true;
	SYS1(SYS_exit, 0);
	return 0;
}

/* -- What is needed for it -- */

static const char *found_by_tool;

void helper_use(const char *path)
{
	found_by_tool = path;
}

void helper_place(const char *shim, const char *name, char *out, size_t size)
{
	static const char tools[] = "tools/", libs[] = "/shim/.libs";
	static const char installed[] = LIBEXECDIR "/";
	const size_t len = strlen(name) + 1;
	const char *slash = shim ? strrchr(shim, '/') : NULL;
	size_t n = slash ? (size_t)(slash - shim) : 0;

	if (n > sizeof libs && shim[0] == '/' && n + sizeof tools + len < size &&
	    !memcmp(shim + n - (sizeof libs - 1), libs, sizeof libs - 1)) {
		n -= sizeof "shim/.libs" - 1;
		memcpy(out, shim, n);
		memcpy(out + n, tools, sizeof tools - 1);
		n += sizeof tools - 1;
	} else {
		n = sizeof installed - 1;
		memcpy(out, installed, n);
	}
	memcpy(out + n, name, len);
}

/* Its program. */
static void find_program(char *out, size_t size)
{
	if (found_by_tool && strlen(found_by_tool) < size)
		strcpy(out, found_by_tool);
	else
		helper_place(own_shim(), "reaper", out, size);
}

/*
 * Whether orphans become this process's children. An executed helper would then be
 * reported by wait(2); a copy without an exit signal is not.
 */
static bool is_subreaper(void)
{
	int is = 0;

	SYS2(SYS_prctl, PR_GET_CHILD_SUBREAPER, &is);
	return is;
}

/* Whether a filter of the program's kills it for clone(2). */
static bool refuses_clone(int flags)
{
	const long arg[6] = { flags };

	return seccomp_count && seccomp_refuses(SYS_clone, arg);
}

/*
 * Runs the maker. 0, or -errno where such clones do not work: in emulators, valgrind,
 * and behind filters.
 */
static int run_maker(struct start *start, char *stack, bool files)
{
	const int flags = CLONE_VM | CLONE_VFORK | (files ? CLONE_FILES : 0);
	int saved = errno, status, pid;
	struct signals before;

	if (!MEMORY_IS_SHARED || (files && valgrind_runs()) || refuses_clone(flags))
		return -ENOSYS;
	signals_block_all(&before);
	pid = sys_clone(be_maker, stack + STACK, flags, start);
	if (pid >= 0 && !start->became)
		SYS4(SYS_wait4, pid, &status, __WCLONE, NULL);
	signals_restore(&before);
	errno = saved;
	return pid < 0 ? pid : 0;
}

static void make_in_copy(void *arg)
{
	struct start *start = arg;

	start->copy = true;
	be_maker(start);
}

/* The same by plain forks, which make nothing. */
static int run_copy(struct start *start)
{
	return copy_run(make_in_copy, start, NULL);
}

/* Pages for both stacks and the shared arguments; NULL with *ERROR set on failure. */
static struct start *allocate_start(int *error)
{
	char *pages = sys_pages(3 * STACK, error);
	struct start *start = (struct start *)pages;

	if (!pages)
		return NULL;
	start->argv[0] = (char *)HELPER_COMM;
	start->stack = pages + 2 * STACK;
	start->copy = start->subreaper = is_subreaper();
	/* After chroot(2) that path may lead to another file. */
	if (!pt_session.moved)
		find_program(start->program, sizeof start->program);
	return start;
}

static char *maker_stack(struct start *start)
{
	return (char *)start + STACK;
}

static void free_start(struct start *start)
{
	sys_unmap(start, 3 * STACK);
}

/* The tool's variant, which needs the pid: a plain child where no memory can be shared. */
static int run_child(struct start *start)
{
	long pid = start->program[0] ? SYS2(SYS_clone, SIGCHLD, 0) : -ENOENT;

	if (pid == 0) {
		stand_apart();
		execute_helper(start);
	}
	start->pid = (int)pid;
	return pid < 0 ? (int)pid : 0;
}

/* MADE: the session was made just now; only the member holds its lock. */
static int start_by(int rootfd, int lease, const struct making *made, int flags,
		    pid_t *child)
{
	struct start *start;
	int error, ret;

	/* Pid 1 of a namespace: when it dies, a helper dies, too. */
	if (sys_getpid() == 1 && !child)
		return 0;
	start = allocate_start(&error);
	if (!start)
		return -error;
	start->made = made;
	start->root = rootfd;
	start->lease = lease;
	start->watched = true;
	start->flags = flags;
	start->child = child != NULL;
	start->copy &= !child;
	start->subreaper &= !child;
	ret = run_maker(start, maker_stack(start), false);
	if (ret == 0)
		ret = -start->error;
	else
		ret = child ? run_child(start) : run_copy(start);
	if (ret == 0 && child)
		*child = start->pid;
	free_start(start);
	return ret;
}

int helper_start(int rootfd, int lease, pid_t *child)
{
	return start_by(rootfd, lease, NULL, 0, child);
}

int helper_start_apart(int rootfd)
{
	int lease = lease_open_at(rootfd), ret;

	if (lease < 0)
		return lease;
	ret = start_by(rootfd, lease, NULL, CLONE_NEWNS, NULL);
	sys_close(lease);
	return ret;
}

void helper_make(struct making *m, int *watched, pid_t *child)
{
	const bool wanted = pt_session.lease.policy.keep != KEEP_ALWAYS;
	/* In a confined session only the helper can remove the root; else see start_by. */
	const bool first = sys_getpid() == 1 && !child &&
			   pt_session.lease.policy.confine != CONFINE_YES;
	struct start *start;
	int error, ret;

	start = allocate_start(&error);
	if (!start) {
		*m = (struct making){
			.root = -1, .lease = -1, .held = -1, .error = error
		};
		return;
	}
	*m = (struct making){ .root = -1, .lease = -1, .held = -1 };
	start->argv[1] = (char *)"first";
	start->making = m;
	start->made = m;
	start->watched = wanted && !first;
	start->child = child != NULL;
	start->copy &= !child;
	start->subreaper &= !child;
	ret = run_maker(start, maker_stack(start), true);
	*watched = start->watched ? -start->error : 0;
	/* A helper that could not be executed has been waited for. */
	if (ret == 0 && child && !start->error)
		*child = start->pid;
	/* The maker was killed. Nobody else removes what it has made. */
	if (ret == 0 && !start->ended)
		make_undo(m, -EAGAIN);
	free_start(start);
	if (ret == 0)
		return;
	/* No maker could run: makes the session here, and starts the helper afterwards. */
	make_session(m);
	if (m->root >= 0 && wanted && !first)
		*watched = start_by(m->root, m->lease, m, 0, child);
}
