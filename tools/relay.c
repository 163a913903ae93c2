/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Relay; see relay.h. */
#include "relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum {
	PORTION = 4096, /* bytes that a writable pipe takes without blocking */
	LAST = 1024,	/* portions copied after the child's end */
};

/* -- The child -- */

/* Opens the other side of the terminal MASTER, without its name. */
static int open_peer(int master)
{
	int fd = -1;
	char name[64];

#ifdef TIOCGPTPEER
	fd = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
#endif
	if (fd < 0 && ptsname_r(master, name, sizeof name) == 0)
		fd = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	return fd;
}

/* Makes a terminal with the settings of FD. Returns both sides. 0 or -errno. */
static int make_terminal(int fd, uid_t uid, int *master, int *peer)
{
	struct termios modes;
	struct winsize size;
	int ret;

	*peer = -1;
	*master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*master < 0)
		return -errno;
	if (grantpt(*master) < 0 || unlockpt(*master) < 0 ||
	    (*peer = open_peer(*master)) < 0) {
		ret = -errno;
		close(*master);
		*master = -1;
		return ret;
	}
	if (tcgetattr(fd, &modes) == 0)
		tcsetattr(*peer, TCSANOW, &modes);
	if (ioctl(fd, TIOCGWINSZ, &size) == 0)
		ioctl(*master, TIOCSWINSZ, &size);
	(void)!fchown(*peer, uid, (gid_t)-1);
	return 0;
}

struct streams {
	int to[3]; /* the child's descriptors instead; -1: the same */
	int peer;
};

static void close_others(void)
{
#ifdef SYS_close_range
	if (syscall(SYS_close_range, 3, ~0U, 0) == 0)
		return;
#endif
	for (int fd = 3; fd < 4096; fd++)
		close(fd);
}

static void be_child(const struct relay *relay, const struct streams *streams, bool pipes)
{
	setsid();
	if (streams->peer >= 0)
		ioctl(streams->peer, TIOCSCTTY, 0);
	for (int i = 0; i < 3; i++)
		if (streams->to[i] >= 0)
			dup2(streams->to[i], i);
	if (pipes)
		close_others();
	sigprocmask(SIG_SETMASK, &relay->mask, NULL);
}

/* -- Starting it -- */

/* Moves FD above the standard streams. */
static int above(int fd)
{
	int moved = fd < 0 || fd > 2 ? fd : fcntl(fd, F_DUPFD_CLOEXEC, 3);

	if (moved != fd)
		close(fd);
	return moved;
}

static int make_pipe(struct relay *relay, struct streams *streams, int i)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	fds[0] = above(fds[0]);
	fds[1] = above(fds[1]);
	streams->to[i] = fds[i ? 1 : 0];
	relay->own[i] = fds[i ? 0 : 1];
	return fds[0] < 0 || fds[1] < 0 ? -EMFILE : 0;
}

static int make_streams(struct relay *relay, struct streams *streams, bool pipes,
			uid_t uid)
{
	int ret = 0;

	for (int i = 0; i < 3 && ret == 0; i++) {
		if (isatty(i)) {
			if (relay->master < 0)
				ret = make_terminal(i, uid, &relay->master,
						    &streams->peer);
			relay->master = above(relay->master);
			streams->peer = above(streams->peer);
			streams->to[i] = streams->peer;
		} else if (pipes) {
			ret = make_pipe(relay, streams, i);
		}
	}
	return ret;
}

pid_t relay_start(struct relay *relay, bool pipes, uid_t uid)
{
	struct streams streams = { { -1, -1, -1 }, -1 };
	sigset_t all;
	int ret;

	*relay = (struct relay){ .master = -1, .own = { -1, -1, -1 } };
	ret = make_streams(relay, &streams, pipes, uid);
	if (ret < 0)
		return ret;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &relay->mask);
	relay->child = fork();
	if (relay->child == 0)
		be_child(relay, &streams, pipes);
	else if (relay->child < 0)
		relay->child = -errno;
	if (relay->child == 0)
		return 0;
	for (int i = 0; i < 3; i++)
		if (streams.to[i] >= 0 && streams.to[i] != streams.peer)
			close(streams.to[i]);
	if (streams.peer >= 0)
		close(streams.peer);
	return relay->child;
}

/* -- Copying -- */

struct flow {
	int from, to; /* -1: over */
	int *owned;   /* closed at the end; NULL: nothing */
	int *lost;    /* where it is told if the rest cannot be written; NULL: nowhere */
	size_t at, n;
	char portion[PORTION];
};

struct carrier {
	struct relay *relay;
	struct flow flow[4]; /* in, out of the terminal, out, errors */
	int signals;
	bool terminal; /* standard input is a terminal, in raw mode */
	bool raw;
	struct termios modes; /* before */
	int status;
	bool ended;
	bool given_up; /* by a signal, behind the child's end */
};

static bool is_foreground(void)
{
	return tcgetpgrp(0) == getpgrp();
}

/* Raw mode: the other terminal edits and echoes. */
static void set_raw(struct carrier *c)
{
	struct termios raw;

	if (!c->terminal || c->raw || !is_foreground() || tcgetattr(0, &c->modes) < 0)
		return;
	raw = c->modes;
	cfmakeraw(&raw);
	c->raw = tcsetattr(0, TCSADRAIN, &raw) == 0;
}

/* Drops input that answers what was shown: it is not for the next reader. */
static void restore(struct carrier *c)
{
	if (!c->raw)
		return;
	c->raw = false;
	tcflush(0, TCIFLUSH);
	tcsetattr(0, TCSANOW, &c->modes);
}

static void end_flow(struct flow *f)
{
	f->from = f->to = -1;
	f->n = 0;
	if (f->owned && *f->owned >= 0) {
		close(*f->owned);
		*f->owned = -1;
	}
}

static void read_portion(struct flow *f)
{
	ssize_t n = read(f->from, f->portion, sizeof f->portion);

	if (n > 0) {
		f->at = 0;
		f->n = (size_t)n;
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		end_flow(f);
	}
}

static void write_portion(struct flow *f)
{
	ssize_t n = write(f->to, f->portion + f->at, f->n);

	if (n > 0) {
		f->at += (size_t)n;
		f->n -= (size_t)n;
	} else if (n < 0 && errno != EAGAIN && errno != EINTR) {
		/* Who reads no more wants no more. */
		if (f->lost && errno != EPIPE)
			*f->lost = errno;
		end_flow(f);
	}
}

static void stop_self(struct carrier *c)
{
	restore(c);
	raise(SIGSTOP);
	/* Stopped here, until continued. */
	set_raw(c);
	kill(c->relay->child, SIGCONT);
}

static void look_at_child(struct carrier *c)
{
	int status;

	while (!c->ended && waitpid(c->relay->child, &status, WNOHANG | WUNTRACED) > 0) {
		if (WIFSTOPPED(status)) {
			stop_self(c);
		} else {
			c->ended = true;
			c->status = status;
		}
	}
}

static void resize(const struct carrier *c)
{
	struct winsize size;

	for (int i = 0; i < 3; i++)
		if (isatty(i) && ioctl(i, TIOCGWINSZ, &size) == 0) {
			ioctl(c->relay->master, TIOCSWINSZ, &size);
			return;
		}
}

static void take_signals(struct carrier *c)
{
	struct signalfd_siginfo info;

	while (read(c->signals, &info, sizeof info) == sizeof info) {
		look_at_child(c);
		if (c->ended) {
			c->given_up |=
				info.ssi_signo == SIGHUP || info.ssi_signo == SIGINT ||
				info.ssi_signo == SIGQUIT || info.ssi_signo == SIGTERM;
			continue;
		}
		switch (info.ssi_signo) {
		case SIGCHLD:
		case SIGPIPE:
		case SIGTTIN:
		case SIGTTOU: break;
		case SIGWINCH: resize(c); break;
		case SIGCONT: set_raw(c); break;
		case SIGTSTP: kill(-c->relay->child, SIGSTOP); break;
		default: kill(c->relay->child, (int)info.ssi_signo);
		}
	}
}

/* Copies once. WAIT: until there is something. Whether something was copied. */
static bool carry(struct carrier *c, bool wait)
{
	struct pollfd fds[5] = { { .fd = c->signals, .events = POLLIN } };
	bool carried = false;

	for (int i = 0; i < 4; i++) {
		const struct flow *f = &c->flow[i];
		bool held = i == 0 && c->terminal && !is_foreground();

		fds[i + 1].fd = held ? -1 : f->n ? f->to : f->from;
		fds[i + 1].events = f->n ? POLLOUT : POLLIN;
	}
	if (poll(fds, 5, wait ? -1 : 0) <= 0)
		return false;
	for (int i = 0; i < 4; i++) {
		struct flow *f = &c->flow[i];

		if (!fds[i + 1].revents || fds[i + 1].fd < 0)
			continue;
		carried |= i != 0;
		if (f->n)
			write_portion(f);
		else
			read_portion(f);
	}
	if (fds[0].revents)
		take_signals(c);
	return carried;
}

/*
 * Carries on what the child has left, also where a reader takes its time. Nothing more is
 * waited for: other processes may keep the other ends open.
 */
static void carry_rest(struct carrier *c)
{
	end_flow(&c->flow[0]);
	for (int i = 0; i < LAST && !c->given_up; i++) {
		bool pending = c->flow[1].n || c->flow[2].n || c->flow[3].n;

		if (!carry(c, pending) && !pending)
			break;
	}
}

static void unblock(int fd)
{
	if (fd >= 0)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static void set_flows(struct carrier *c)
{
	struct relay *r = c->relay;
	int shown = isatty(1) ? 1 : isatty(2) ? 2 : 0;

	c->terminal = isatty(0);
	for (int i = 0; i < 4; i++)
		c->flow[i].from = c->flow[i].to = -1;
	if (c->terminal || r->own[0] >= 0) {
		c->flow[0].from = 0;
		c->flow[0].to = c->terminal ? r->master : r->own[0];
		c->flow[0].owned = c->terminal ? NULL : &r->own[0];
	}
	if (r->master >= 0) {
		c->flow[1].from = r->master;
		c->flow[1].to = shown;
	}
	for (int i = 1; i < 3; i++)
		if (r->own[i] >= 0) {
			c->flow[i + 1].from = r->own[i];
			c->flow[i + 1].to = i;
			c->flow[i + 1].owned = &r->own[i];
			c->flow[i + 1].lost = i == 1 ? &r->lost : NULL;
		}
	unblock(r->master);
	unblock(r->own[0]);
}

int relay_run(struct relay *relay)
{
	static struct carrier c;
	sigset_t all;

	c.relay = relay;
	sigfillset(&all);
	c.signals = above(signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK));
	set_flows(&c);
	set_raw(&c);
	look_at_child(&c);
	while (!c.ended && c.signals >= 0)
		carry(&c, true);
	if (!c.ended)
		waitpid(relay->child, &c.status, 0);
	carry_rest(&c);
	restore(&c);
	sigprocmask(SIG_SETMASK, &relay->mask, NULL);
	return c.status;
}
