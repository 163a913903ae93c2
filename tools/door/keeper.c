/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The keeper of a namespace that the mount door has made; see door.h.
 *
 *     door ------- clone: memory ----> starter --- clone ---> keeper
 *       |  waits (vfork)                 | ends                | writes the maps, if asked
 *       |  unshare, mounts               v                     | waits for IN_UNMOUNT
 *       v  executes the program                                v lets the lease go
 *
 * It is outside of the namespaces, so that it does not keep them alive. It is not a child of
 * the program, which waits for its children. If orphans become the program's children
 * (subreaper), the keeper is one from the start, without an exit signal: wait(2) ignores it.
 */
#include "door/door.h"
#include "core/sys.h"
#include "session/session.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAP_TEXT = 4096, STACK = 16384 };

/* Requests to the keeper, of one byte; a descriptor's number follows ASK_KEEP. */
enum { ASK_MAPS = 'm', ASK_KEEP = 'k', ASK_WAIT = 'w' };

static struct {
	char door[24]; /* the process, as /proc numbers it */
	int watch;     /* inotify's descriptor, or -errno */
	int ask[2];    /* a pipe: the door's questions */
	int answer[2]; /* the keeper's answers */
	long pid;
	bool maps; /* of all ids; both are known */
	char uids[MAP_TEXT], gids[MAP_TEXT];
} keeper = { .watch = -1 };

static int write_maps(void)
{
	int ret = space_write(keeper.door, "uid_map", keeper.uids);

	return ret < 0 ? ret : space_write(keeper.door, "gid_map", keeper.gids);
}

/* Reads this process's map NAME, with each id as it is here. False: there is none. */
static bool read_map(const char *name, char out[MAP_TEXT])
{
	unsigned long first, count;
	char line[128], path[64];
	size_t n = 0;
	FILE *map;

	snprintf(path, sizeof path, "/proc/self/%s", name);
	map = fopen(path, "re");
	while (map && n < MAP_TEXT - 64 && fgets(line, sizeof line, map))
		if (sscanf(line, "%lu %*u %lu", &first, &count) == 2)
			n += (size_t)snprintf(out + n, MAP_TEXT - n, "%lu %lu %lu\n",
					      first, first, count);
	if (map)
		fclose(map);
	return n != 0;
}

/* Opens the directory that the door has open as the descriptor it names. */
static int open_directory(void)
{
	char path[64];
	int fd;

	if (sys_read(keeper.ask[0], &fd, sizeof fd) != sizeof fd)
		return -EPIPE;
	snprintf(path, sizeof path, "/proc/%s/fd/%d", keeper.door, fd);
	fd = sys_openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	return fd < 0 ? fd : 0;
}

/* Closes the program's descriptors: readers of its pipes must not wait for the keeper. */
static void shed(void)
{
	const int keep[] = { keeper.watch, keeper.ask[0], keeper.answer[1],
			     pt_session.held - 1 };
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

	while (keeper.watch >= 0) {
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
	int ret;

	prctl(PR_SET_NAME, KEEPER_NAME);
	setsid();
	sys_chdir("/");
	shed();
	while (sys_read(keeper.ask[0], &asked, 1) == 1) {
		if (asked != ASK_WAIT) {
			ret = asked == ASK_MAPS ? write_maps() : open_directory();
			sys_write(keeper.answer[1], &ret, sizeof ret);
		} else {
			sys_close(keeper.ask[0]);
			await_end();
			break;
		}
	}
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

/* Whether orphans of this process's become its children. */
static bool takes_orphans(void)
{
	int is = 0;

	return getpid() == 1 || (prctl(PR_GET_CHILD_SUBREAPER, &is) == 0 && is);
}

/* This process is in /proc by that name. */
static void name_door(void)
{
	/* If /proc is of another namespace, the number is not the pid. */
	ssize_t n = sys_readlinkat(AT_FDCWD, "/proc/self", keeper.door,
				   sizeof keeper.door - 1);

	keeper.door[n < 0 ? 0 : n] = '\0';
}

int keeper_start(struct refusal *refusal)
{
	static char stack[STACK] __attribute__((aligned(16)));
	sigset_t all, before;
	int pid;

	refusal->step = STEP_CHILD;
	name_door();
	/* Root in a container has more than one id. */
	keeper.maps = geteuid() == 0 && read_map("uid_map", keeper.uids) &&
		      read_map("gid_map", keeper.gids);
	keeper.watch = inotify_init1(IN_CLOEXEC);
	if (keeper.watch < 0) {
		refusal->step = STEP_INOTIFY;
		return refusal->error = errno, -errno;
	}
	if (pipe2(keeper.ask, O_CLOEXEC) < 0 || pipe2(keeper.answer, O_CLOEXEC) < 0)
		return refusal->error = errno, -errno;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	if (takes_orphans())
		clone_keeper();
	else if ((pid = clone(start, stack + STACK, CLONE_VM | CLONE_VFORK, NULL)) >= 0)
		SYS4(SYS_wait4, pid, NULL, __WCLONE, NULL);
	else
		keeper.pid = -errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	sys_close(keeper.ask[0]);
	sys_close(keeper.answer[1]);
	refusal->error = keeper.pid < 0 ? (int)-keeper.pid : 0;
	return -refusal->error;
}

int keeper_write_maps(void)
{
	static const char ask = ASK_MAPS;
	int ret = -EPIPE;

	if (!keeper.maps || sys_write(keeper.ask[1], &ask, 1) != 1 ||
	    sys_read(keeper.answer[0], &ret, sizeof ret) != sizeof ret)
		return -EPIPE;
	return ret;
}

void keeper_keep(int fd)
{
	const char ask = ASK_KEEP;
	int ret;

	if (sys_write(keeper.ask[1], &ask, 1) == 1 &&
	    sys_write(keeper.ask[1], &fd, sizeof fd) == sizeof fd)
		(void)!sys_read(keeper.answer[0], &ret, sizeof ret);
}

int keeper_watch(const char *path)
{
	static const char ask = ASK_WAIT;

	if (inotify_add_watch(keeper.watch, path, IN_DELETE_SELF) < 0)
		return -errno;
	return sys_write(keeper.ask[1], &ask, 1) == 1 ? 0 : -EPIPE;
}
