/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The keeper of a namespace that the mount door has made; see door.h. It is the session's
 * helper, which is asked by a socket (serve.h), and started if there is none. A process that
 * cannot have that helper starts a keeper of its own:
 *
 *     door ------- clone: memory ----> starter --- clone ---> keeper
 *       |  waits (vfork)                 | ends                | waits for IN_UNMOUNT
 *       |  unshare, mounts               v                     v lets the lease go
 *       v  executes the program
 *
 * Either is outside of the namespaces, so that it does not keep them alive. It is not a
 * child of the program, which waits for its children. If orphans become the program's
 * children (subreaper), the door's own keeper is one from the start, without an exit signal:
 * wait(2) ignores it.
 */
#include "door/door.h"
#include "door/serve.h"
#include "core/sys.h"
#include "session/helper.h"
#include "session/hints.h"
#include "session/session.h"
#include "session/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	STACK = 16384,
	START = 400, /* milliseconds for a helper to start */
};

static struct {
	int helper;	     /* the socket to it, or -1 */
	int fds[SERVE_MOST]; /* for it */
	unsigned kept;
	int watch;  /* inotify's descriptor, or -1 */
	int ask[2]; /* a pipe, by which the door has its keeper wait */
	long pid;
} keeper = { .helper = -1, .watch = -1 };

/* -- The helper -- */

/* Connects to the helper of the session at ROOT. 0; -ENOENT: there is none; or -errno. */
static int meet(const char *root)
{
	struct sockaddr_un name;
	const socklen_t size = serve_address(root, strlen(root), &name);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), ret;

	if (fd < 0)
		return -ENOSYS;
	if (connect(fd, (const struct sockaddr *)&name, size) < 0)
		ret = errno == ECONNREFUSED ? -ENOENT : -EPIPE;
	else
		ret = serve_is_own(fd) ? 0 : -EPIPE;
	if (ret < 0)
		sys_close(fd);
	else
		keeper.helper = fd;
	return ret;
}

/* The helper's program, which lies beside this one. */
static const char *helper_program(void)
{
	static char path[PATH_MAX];
	ssize_t n = sys_readlinkat(AT_FDCWD, "/proc/self/exe", path, sizeof path - 8);
	char *slash;

	if (n <= 0)
		return NULL;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return NULL;
	memcpy(slash + 1, "reaper", sizeof "reaper");
	return sys_access(path, X_OK) == 0 ? path : NULL;
}

/* Asks the helper that was started just now. */
static int await_helper(const char *root)
{
	int ret = meet(root);

	for (int i = 0; ret == -ENOENT && i < START; i++) {
		sys_moment();
		ret = meet(root);
	}
	return ret;
}

/* Starts the helper of the session at ROOT, which is this user's, and asks it. */
static int start_helper(const char *root)
{
	const char *program = helper_program();
	struct statx st;
	int fd = trust_open_root(root, pt_session.owner, &st), lease, lock, ret;

	if (fd < 0)
		return fd;
	if (program)
		helper_use(program);
	/* Another door may be starting it. */
	lock = hints_lock(fd);
	/* The helper that there is may just start. Another one inherits this lock. */
	if (sys_flock(fd, LOCK_EX | LOCK_NB) == -EWOULDBLOCK)
		ret = await_helper(root);
	else
		ret = meet(root);
	if (ret == -ENOENT) {
		lease = lease_open_at(fd);
		ret = lease < 0 ? lease : helper_start(fd, lease, NULL);
		if (lease >= 0)
			sys_close(lease);
		if (ret == 0)
			ret = await_helper(root);
	}
	if (lock >= 0)
		sys_close(lock);
	sys_close(fd);
	return ret;
}

/* Whether orphans of this process's become its children. */
static bool takes_orphans(void)
{
	int is = 0;

	return getpid() == 1 || (prctl(PR_GET_CHILD_SUBREAPER, &is) == 0 && is);
}

/* 0, or -errno where the door needs a keeper of its own. */
static int ask_helper(const char *root)
{
	int ret = meet(root);

	if (ret == -ENOENT && pt_session.owner == geteuid() && !takes_orphans())
		ret = start_helper(root);
	return ret;
}

void keeper_keep(int fd)
{
	if (keeper.kept < SERVE_MOST - SERVE_KEPT)
		keeper.fds[SERVE_KEPT + keeper.kept++] = fd;
}

/* Sends the helper the directory PATH to watch, and what else it needs. */
static int have_watched(const char *path)
{
	int fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0), ret;

	if (fd < 0)
		return fd;
	keeper.fds[SERVE_PLACE] = fd;
	ret = serve_send(keeper.helper, keeper.fds, SERVE_KEPT + keeper.kept);
	sys_close(fd);
	return ret;
}

/* -- A keeper of the door's own -- */

/* Closes the program's descriptors: readers of its pipes must not wait for the keeper. */
static void shed(void)
{
	const int keep[] = { keeper.watch, keeper.ask[0], pt_session.held - 1 };
	int top = 0;

	for (;;) {
		int next = -1;

		for (size_t i = 0; i < sizeof keep / sizeof *keep; i++)
			if (keep[i] >= top && (next < 0 || keep[i] < next))
				next = keep[i];
		if (next < 0)
			break;
		sys_close_between(top, next - 1);
		top = next + 1;
	}
	sys_close_from(top);
}

/* Waits until the last process of the namespace has ended. */
static void await_end(void)
{
	union {
		struct inotify_event event;
		char room[sizeof(struct inotify_event) + 256];
	} u;

	for (;;) {
		ssize_t n = sys_read(keeper.watch, &u, sizeof u);

		if (n == -EINTR)
			continue;
		if (n <= 0 || (u.event.mask & (IN_UNMOUNT | IN_IGNORED)))
			return;
	}
}

/* All signals are blocked. It has no exit signal. */
static void be_keeper(void)
{
	char asked;

	prctl(PR_SET_NAME, KEEPER_NAME);
	setsid();
	sys_chdir("/");
	shed();
	if (sys_read(keeper.ask[0], &asked, 1) == 1)
		await_end();
	/* This unmaps the lease, which releases the lock. */
	SYS1(SYS_exit_group, 0);
}

static void clone_keeper(void)
{
	keeper.pid = SYS2(SYS_clone, 0, 0);
	if (keeper.pid == 0)
		be_keeper();
}

static int start(void *unused)
{
	(void)unused;
	clone_keeper();
	SYS1(SYS_exit, 0);
	return 0;
}

static int start_own(void)
{
	static char stack[STACK] __attribute__((aligned(16)));
	const int flags = CLONE_VM | CLONE_VFORK;
	sigset_t all, before;
	int pid;

	if (pipe2(keeper.ask, O_CLOEXEC) < 0)
		return -errno;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	if (takes_orphans())
		clone_keeper();
	else if ((pid = sys_clone(start, stack + STACK, flags, NULL)) >= 0)
		SYS4(SYS_wait4, pid, NULL, __WCLONE, NULL);
	else
		keeper.pid = pid;
	sigprocmask(SIG_SETMASK, &before, NULL);
	sys_close(keeper.ask[0]);
	return keeper.pid < 0 ? (int)keeper.pid : 0;
}

/* -- Both -- */

int keeper_start(const char *root, int lease, struct refusal *refusal)
{
	int ret = root ? ask_helper(root) : -ENOENT;

	refusal->step = STEP_CHILD;
	keeper.fds[SERVE_LEASE] = lease;
	if (ret < 0) {
		keeper.watch = door_instance(IN_CLOEXEC);
		ret = keeper.watch < 0 ? keeper.watch : 0;
	}
	if (ret < 0) {
		refusal->step = STEP_INOTIFY;
	} else if (keeper.helper < 0 && root) {
		if (pt_session.owner == geteuid())
			hints_keeper(root, pt_session.owner);
		ret = start_own();
	}
	refusal->error = -ret;
	return ret;
}

int keeper_watch(const char *path)
{
	if (keeper.helper >= 0)
		return have_watched(path);
	if (inotify_add_watch(keeper.watch, path, IN_DELETE_SELF) < 0)
		return -errno;
	return !keeper.pid || sys_write(keeper.ask[1], "", 1) == 1 ? 0 : -EPIPE;
}
