/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Starting the helper; see helper.h.
 *
 *     member ---- clone: memory, descriptors ----> maker --- clone: memory --> helper
 *       |  waits (vfork)                            |  makes all     executes, is
 *       |                                           |  ends          init's child
 *       v  goes on, with the lock in its memory     v
 *
 * The maker leaves the member's session and process group first: what ends those does
 * not end it half-way. Both clones have no exit signal, so that only __WCLONE sees the
 * first, and the second belongs to init. The helper has a copy of the descriptors, of
 * which it keeps the root's and the lease's; its program is named by a path that is
 * compiled in, never by a session.
 */
#define _GNU_SOURCE
#include "session/helper.h"
#include "core/hole.h"
#include "core/seccomp.h"
#include "core/sys.h"
#include "core/valgrind.h"
#include "session/copy.h"
#include "session/reap.h"
#include "session/session.h"

#include <dlfcn.h>
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

typedef int clone_fn(int (*fn)(void *), void *stack, int flags, void *arg, ...);

struct start {
	char program[PATH_MAX]; /* the helper's; empty: there is none */
	char *argv[2];
	char *stack;		   /* of the second clone */
	clone_fn *clone;	   /* libc's, behind our own */
	struct making *making;	   /* NULL: the session is there */
	const struct making *made; /* whose lock a copy must let go; NULL: none of these */
	int root, lease;	   /* its root, and its lease */
	bool watched;		   /* a helper is wanted */
	bool copy;		   /* it must not execute */
	bool subreaper;		   /* for that reason: see is_subreaper */
	bool child;		   /* it is the tool's child */
	int flags;		   /* more of clone's for it */
	int error;		   /* why it could not be started */
	bool ended;		   /* the maker has come to its end */
	int pid;
};

/* Moves the descriptor FD to TO, where there is nothing of use. */
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
 * Leaves nothing of the program's in the helper but the root and the lease. The
 * caller's limit may leave room for little more than they are: there are no standard
 * ones, to which nothing is written.
 */
static void shed(const struct start *start)
{
	int root = start->root, lease = start->lease;
	const int low = root < lease ? root : lease, high = root + lease - low;

	sys_close_between(0, low - 1);
	sys_close_between(low + 1, high - 1);
	sys_close_from(high + 1);
	/* Out of the other's way first. */
	if (lease == HELPER_ROOT)
		lease = (int)SYS3(SYS_fcntl, lease, F_DUPFD, 0);
	move_descriptor(root, HELPER_ROOT);
	move_descriptor(lease, HELPER_LEASE);
}

/* What little the program was allowed must not keep the helper from its work. */
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
		/* Only a privileged process may have more than was set. */
		if (limit[1] < want && SYS4(SYS_prlimit64, 0, what, more, NULL) == 0)
			continue;
		limit[0] = limit[1];
		SYS4(SYS_prlimit64, 0, what, limit, NULL);
	}
}

/*
 * In a set-user-ID program the real user could end the helper by a signal. The
 * credentials of a child are its own even where the memory is not.
 */
static void settle_ids(void)
{
#ifdef SYS_setresuid32
	const long set_group = SYS_setresgid32, set_user = SYS_setresuid32;
	long group = SYS1(SYS_getegid32, 0), user = SYS1(SYS_geteuid32, 0);
#else
	const long set_group = SYS_setresgid, set_user = SYS_setresuid;
	long group = SYS1(SYS_getegid, 0), user = SYS1(SYS_geteuid, 0);
#endif

	if (HOLE(ids))
		return;
	SYS3(set_group, group, group, group);
	SYS3(set_user, user, user, user);
}

/* Nothing of the program's disturbs what is made, or ends who makes it. */
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
	SYS1(SYS_exit, 127);
	return 0;
}

/* The helper's work, in a copy of this process. All signals are blocked. */
static void be_helper(const struct start *start)
{
	struct session *s = &pt_session;

	SYS2(SYS_prctl, PR_SET_NAME, "privtmp-reaper");
	shed(start);
	if (start->made && start->made->lock)
		sys_unmap(start->made->lock, start->made->locked);
	if (s->lock)
		sys_unmap(s->lock, s->locked);
	session_reap(HELPER_ROOT, HELPER_LEASE, true, NULL, NULL);
	SYS1(SYS_exit_group, 0);
}

/*
 * Where no helper can be executed (after chroot), or must not be. An emulator of
 * another machine may know children with SIGCHLD only. 0 or -errno.
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

	if (start->program[0] && !start->copy) {
		start->pid = start->clone(execute_helper, start->stack + STACK,
					  flags | (start->child ? CLONE_PARENT : 0),
					  start);
		if (start->pid < 0)
			start->error = errno;
		if (!start->error)
			return;
	}
	/* A tool would wait for what it has no pid of. */
	if (!start->child)
		start->error = -start_copy(start);
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
	if (start->root >= 0 && start->watched)
		start_second(start);
	start->ended = true;
	SYS1(SYS_exit, 0);
	return 0;
}

/* -- What is needed for it -- */

static void *libc_clone;

/* Looks up once what a start needs from libc. */
static void prepare(void)
{
	void *found;

	if (__atomic_load_n(&libc_clone, __ATOMIC_RELAXED))
		return;
	found = dlsym(RTLD_NEXT, "clone");
	/* A static tool has no other than this. */
	__atomic_store_n(&libc_clone, found ? found : (void *)clone, __ATOMIC_RELAXED);
}

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
	Dl_info self;

	if (found_by_tool && strlen(found_by_tool) < size)
		strcpy(out, found_by_tool);
	else
		helper_place(dladdr((void *)&pt_session, &self) ? self.dli_fname : NULL,
			     "reaper", out, size);
}

/*
 * Orphans become this process's children, and one that has been executed would be seen
 * by wait(2); a copy is a child without an exit signal.
 */
static bool is_subreaper(void)
{
	int is = 0;

	SYS2(SYS_prctl, PR_GET_CHILD_SUBREAPER, &is);
	return is;
}

static void block_signals(sigset_t *before)
{
	sigset_t all;

	memset(&all, 0xff, sizeof all);
	SYS4(SYS_rt_sigprocmask, SIG_SETMASK, &all, before, _NSIG / 8);
}

/* Whether a filter of the program's own ends it for libc's clone(2). */
static bool refuses_clone(int flags)
{
	const long arg[6] = { flags };

	return seccomp_count && seccomp_refuses(SYS_clone, arg);
}

/*
 * Runs the maker. 0, or -errno where it could not be: an emulator, or valgrind, which
 * has no such clones, or a filter.
 */
static int run_maker(struct start *start, char *stack, bool files)
{
	const int flags = CLONE_VM | CLONE_VFORK | (files ? CLONE_FILES : 0);
	int saved = errno, status, pid;
	sigset_t before;

	if (!start->clone || (files && valgrind_runs()) || refuses_clone(flags))
		return -ENOSYS;
	block_signals(&before);
	pid = start->clone(be_maker, stack + STACK, flags, start);
	if (pid < 0)
		pid = -errno;
	else
		SYS4(SYS_wait4, pid, &status, __WCLONE, NULL);
	SYS4(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, _NSIG / 8);
	errno = saved;
	return pid < 0 ? pid : 0;
}

static void make_in_copy(void *arg)
{
	struct start *start = arg;

	start->copy = true;
	be_maker(start);
}

/* The same by plain copies of this process, which make nothing. */
static int run_copy(struct start *start)
{
	return copy_run(make_in_copy, start, NULL);
}

/* Pages for both stacks, and what both need to know; NULL: none (*ERROR). */
static struct start *allocate_start(int *error)
{
	char *pages = sys_pages(3 * STACK, error);
	struct start *start = (struct start *)pages;

	if (!pages)
		return NULL;
	prepare();
	start->clone = (clone_fn *)__atomic_load_n(&libc_clone, __ATOMIC_RELAXED);
	start->argv[0] = (char *)"privtmp-reaper";
	start->stack = pages + 2 * STACK;
	start->copy = start->subreaper = is_subreaper();
	/* Where "/" is another, so may be what that path leads to. */
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

/* A tool's, which has to know its pid: as a plain child, where none may share memory. */
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

/* MADE: of a session that was made just now; its lock is the member's alone. */
static int start_by(int rootfd, int lease, const struct making *made, int flags,
		    pid_t *child)
{
	struct start *start;
	int error, ret;

	/* When the first process of a namespace dies, every helper dies, too. */
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
	/* Confined, it is the one that can remove the root; else see start_by. */
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
	start->making = m;
	start->made = m;
	start->watched = wanted && !first;
	start->child = child != NULL;
	start->copy &= !child;
	start->subreaper &= !child;
	ret = run_maker(start, maker_stack(start), true);
	*watched = start->watched ? -start->error : 0;
	if (ret == 0 && child)
		*child = start->pid;
	/* The maker was killed: what it has half made, nobody else removes. */
	if (ret == 0 && !start->ended)
		make_undo(m, -EAGAIN);
	free_start(start);
	if (ret == 0)
		return;
	/* No maker could run: it is made here, and the helper comes afterwards. */
	make_session(m);
	if (m->root >= 0 && wanted && !first)
		*watched = start_by(m->root, m->lease, m, 0, child);
}
