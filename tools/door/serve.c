/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The helper as keeper; see serve.h. By system calls alone, because the helper may have no
 * libc (small/libc.c).
 */
#define _GNU_SOURCE
#include "door/serve.h"
#include "door/door.h"
#include "core/sys.h"
#include "session/helper.h"
#include "session/hints.h"
#include "session/lease_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>

#ifndef SYS_ppoll
#define SYS_ppoll SYS_ppoll_time64
#endif

enum { DOORS = 16 }; /* that open at the same time; the others wait */

static struct {
	int listening, watch;
	int door[DOORS];
	int kept[SERVE_MOST - SERVE_KEPT]; /* 0: none */
	unsigned doors, namespaces;
	bool both;   /* members hold both locks */
	bool first;  /* no door was used before */
	bool unseen; /* one's namespace could not be watched */
	bool more;   /* there may be doors that still wait */
} serving = { .listening = -1, .watch = -1 };

/*
 * A helper has no standard streams: reports must not go into what has the number of one. The
 * socket, which comes first, gets 0. Closes FD.
 */
static int move_up(int fd)
{
	const int high =
		fd < 0 ? -1 : (int)SYS3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, HELPER_LEASE + 1);

	if (fd >= 0)
		sys_close(fd);
	return high;
}

void serve_begin(int lease, bool first)
{
	static struct lease text;
	struct sockaddr_un name;
	socklen_t size;
	int fd;

	serving.first = first;
	if (lease_read(lease, &text) < 0)
		return;
	serving.both = text.how & LEASE_LOCK_DESCRIPTION;
	size = serve_address(text.session.at, text.session.len, &name);
	fd = (int)SYS3(SYS_socket, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
		       0);
	if (fd < 0)
		return;
	if (SYS3(SYS_bind, fd, &name, size) < 0 ||
	    SYS3(SYS_fcntl, fd, F_SETOWN, sys_getpid()) < 0 ||
	    SYS3(SYS_fcntl, fd, F_SETFL, O_NONBLOCK | O_ASYNC) < 0 ||
	    SYS2(SYS_listen, fd, DOORS) < 0)
		sys_close(fd);
	else
		serving.listening = fd;
}

bool serve_knows(int root)
{
	bool keepers;

	hints_of_doors(root, &keepers);
	return serving.listening >= 0 && serving.first && !serving.unseen && !keepers;
}

/* Only so many at a time: strangers can connect without end, and nothing else would be seen. */
static void accept_doors(void)
{
	serving.more = true;
	for (unsigned i = 0; i < DOORS && serving.doors < DOORS; i++) {
		const int got = (int)SYS4(SYS_accept4, serving.listening, NULL, NULL,
					  SOCK_CLOEXEC | SOCK_NONBLOCK);
		const int fd = move_up(got);

		if (got < 0) {
			/* For want of a descriptor or memory, it goes on waiting. */
			serving.more = got != -EAGAIN;
			if (serving.more)
				sys_moment();
			return;
		}
		if (fd >= 0 && serve_is_own(fd))
			serving.door[serving.doors++] = fd;
		else if (fd >= 0)
			sys_close(fd);
	}
}

static void close_doors(void)
{
	while (serving.doors)
		sys_close(serving.door[--serving.doors]);
}

/* Receives the descriptors in a message from FD. Returns how many; 0: it is no door's. */
static unsigned receive(int fd, int fds[SERVE_MOST])
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(SERVE_MOST * sizeof(int))];
	} u;
	char byte;
	struct iovec part = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &u,
		.msg_controllen = sizeof u,
	};
	const struct cmsghdr *head;
	unsigned n;

	if (SYS3(SYS_recvmsg, fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT) <= 0)
		return 0;
	head = CMSG_FIRSTHDR(&message);
	if (!head || head->cmsg_type != SCM_RIGHTS)
		return 0;
	n = (unsigned)((head->cmsg_len - CMSG_LEN(0)) / sizeof(int));
	memcpy(fds, CMSG_DATA(head), n * sizeof(int));
	while (n && n < SERVE_KEPT)
		sys_close(fds[--n]);
	return n;
}

/* Watches the directory FD, to which a path leads in another namespace only. */
static bool watch(int fd)
{
	bool can;

	/* One of inotify's few instances, while it is needed. */
	if (serving.watch < 0)
		serving.watch = move_up(door_instance(IN_CLOEXEC | IN_NONBLOCK));
	can = serving.watch >= 0 && SYS1(SYS_fchdir, fd) == 0 &&
	      SYS3(SYS_inotify_add_watch, serving.watch, ".", IN_DELETE_SELF) >= 0;
	/* The watched directory must not be kept by this process. */
	if (sys_chdir("/") < 0)
		SYS1(SYS_fchdir, HELPER_ROOT);
	return can;
}

/*
 * Gives up the inotify instance. The kernel takes milliseconds to take one down, and has its
 * closer wait. So it is left in a queue of a socket that only this queue holds: newer kernels
 * (6.10) clear such ones by a thread of their own.
 */
static void leave_watch(void)
{
	int pair[2];

	if (SYS4(SYS_socketpair, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) == 0) {
		const int both[] = { pair[1], serving.watch };

		serve_send(pair[0], both, 2);
		sys_close(pair[1]);
		sys_close(serving.watch);
		sys_close(pair[0]); /* last: this has the kernel look for such queues */
	} else {
		sys_close(serving.watch);
	}
	serving.watch = -1;
}

/* Keeps the N directories at FDS open, in the place of others: there is one such program. */
static void keep(const int *fds, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (serving.kept[i])
			sys_close(serving.kept[i]);
		serving.kept[i] = fds[i];
	}
}

/* Handles what door number I says. */
static void hear(unsigned i)
{
	const int door = serving.door[i];
	int fds[SERVE_MOST];
	const unsigned n = receive(door, fds);

	if (n) {
		if (watch(fds[SERVE_PLACE]))
			serving.namespaces++;
		else
			serving.unseen = true;
		/* That must not keep the namespace alive. This process is a member. */
		sys_close(fds[SERVE_PLACE]);
		sys_close(fds[SERVE_LEASE]);
		keep(fds + SERVE_KEPT, n - SERVE_KEPT);
	}
	sys_close(door);
	serving.door[i] = serving.door[--serving.doors];
}

/* Counts the namespaces that are gone. */
static void count_ends(void)
{
	char room[1024] __attribute__((aligned(8)));
	ssize_t n = sys_read(serving.watch, room, sizeof room);

	for (ssize_t at = 0; at < n;) {
		const struct inotify_event *event = (struct inotify_event *)(room + at);

		at += (ssize_t)(sizeof *event + event->len);
		if (event->mask & IN_IGNORED)
			serving.namespaces--;
	}
}

static void serve_once(int root, int lease, void (*tick)(int root, int lease))
{
	const unsigned doors = serving.doors;
	struct pollfd wait[DOORS + 2] = {
		{ doors < DOORS ? serving.listening : -1, POLLIN, 0 },
		{ serving.watch, POLLIN, 0 },
	};

	for (unsigned i = 0; i < doors; i++)
		wait[2 + i] = (struct pollfd){ serving.door[i], POLLIN, 0 };
	if (SYS5(SYS_ppoll, wait, 2 + doors, NULL, NULL, 0) < 0) {
		tick(root, lease);
		return;
	}
	/* From the end: each that is closed is replaced by the last. */
	for (unsigned i = doors; i-- > 0;)
		if (wait[2 + i].revents)
			hear(i);
	if (wait[1].revents)
		count_ends();
	accept_doors();
}

bool serve(int root, int lease, void (*tick)(int root, int lease))
{
	if (serving.listening < 0)
		return false;
	/* Not as a member yet, which strangers would make of it. */
	accept_doors();
	if (!serving.doors)
		return serving.more;
	/* Refused: the session is being removed. */
	if (lease_share(lease, serving.both) < 0) {
		close_doors();
		return false;
	}
	SYS2(SYS_prctl, PR_SET_NAME, KEEPER_NAME);
	while (serving.doors || serving.namespaces)
		serve_once(root, lease, tick);
	if (serving.watch >= 0)
		leave_watch();
	for (size_t i = 0; i < sizeof serving.kept / sizeof *serving.kept; i++)
		if (serving.kept[i]) {
			sys_close(serving.kept[i]);
			serving.kept[i] = 0;
		}
	SYS2(SYS_prctl, PR_SET_NAME, HELPER_COMM);
	lease_release(lease);
	return serving.more;
}
