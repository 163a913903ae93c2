/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the attackers share. The protocol with tools/demo: an attacker prints "ready" when it
 * lies in wait; the end of its standard input tells it that the victim has ended; what it
 * prints after "ready" is its loot. */
#ifndef DEMO_ATTACK_H
#define DEMO_ATTACK_H

#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

static inline void die(const char *what)
{
	perror(what);
	exit(1);
}

static inline void lie_in_wait(void)
{
	puts("ready");
	fflush(stdout);
}

static inline int watch(int fd, const char *dir, unsigned int events)
{
	int wd = inotify_add_watch(fd, dir, events);

	if (wd < 0)
		die(dir);
	return wd;
}

static inline int watcher(void)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd < 0)
		die("inotify_init1");
	return fd;
}

/* Waits for something to read from fd (-1: only for the time to pass). False when the victim
 * has ended and nothing is left to read. */
static inline bool wait_for(int fd, int milliseconds)
{
	struct pollfd p[2] = { { .fd = fd, .events = POLLIN },
			       { .fd = 0, .events = POLLIN } };

	if (poll(p, 2, milliseconds) < 0)
		die("poll");
	return p[0].revents != 0 || p[1].revents == 0;
}

/* The next name that appears in a watched directory; NULL when the victim has ended. */
static inline const struct inotify_event *next_event(int fd)
{
	static _Alignas(struct inotify_event) char
		buffer[16 * (sizeof(struct inotify_event) + NAME_MAX + 1)];
	static size_t have, at;

	while (at >= have) {
		if (!wait_for(fd, -1))
			return NULL;
		ssize_t n = read(fd, buffer, sizeof buffer);

		if (n <= 0)
			return NULL;
		have = (size_t)n;
		at = 0;
	}
	const struct inotify_event *event = (const void *)(buffer + at);

	at += sizeof *event + event->len;
	return event;
}

static inline bool begins(const char *name, const char *prefix)
{
	return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* The length of name without the suffix, 0 if it does not end in it. */
static inline size_t stem(const char *name, const char *suffix)
{
	size_t n = strlen(name), s = strlen(suffix);

	return n > s && strcmp(name + n - s, suffix) == 0 ? n - s : 0;
}

#endif
