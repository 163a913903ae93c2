/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists of mounts, shown by the view's names; see mounts.h. */
#define _GNU_SOURCE
#include "wrap/mounts.h"
#include "core/sys.h"
#include "session/session.h"
#include "wrap/symbols.h"
#include "wrap/wrap.h"

#include <stdio.h>

enum { ROOM = 1 << 17 }; /* more than two of the longest lines */

/*
 * How many bytes at AT, where a field begins, are not shown: a backing's root before the
 * view's path; or, in the field that says what of a file system is mounted, that and the
 * guarded directory, if the file system is mounted there.
 */
static size_t hidden(const char *at, const char *end)
{
	const struct policy *policy = pt_view.policy;
	const size_t left = (size_t)(end - at);

	for (unsigned i = 0; i < policy->guards; i++) {
		const struct text *prefix = &policy->guard[i].prefix;
		const struct text *view = &policy->guard[i].view;
		const size_t rel = prefix->len - view->len;

		if (left > prefix->len && !memcmp(at, prefix->at, prefix->len) &&
		    at[prefix->len] == '/')
			return prefix->len;
		if (prefix->len > view->len && left > rel + view->len &&
		    !memcmp(prefix->at, view->at, view->len) &&
		    !memcmp(at, prefix->at + view->len, rel) &&
		    !memcmp(at + rel, view->at, view->len) && at[rel + view->len] == '/')
			return rel + view->len;
	}
	return 0;
}

void mounts_cut(char *field)
{
	const size_t len = strlen(field);
	const size_t skip = hidden(field, field + len);

	memmove(field, field + skip, len - skip + 1);
}

/* Takes what is hidden out of LEN bytes of whole lines; the new length. */
static size_t show(char *text, size_t len)
{
	size_t to = 0;

	for (size_t at = 0; at < len;) {
		const bool begins = at && text[at - 1] == ' ' && text[at] == '/';
		const size_t skip = begins ? hidden(text + at, text + len) : 0;

		at += skip;
		text[to++] = text[at++];
		/* What stands before the next is what stood there. */
	}
	return to;
}

/*
 * Reads the list FROM and writes it to TO as it is shown; TO -1: only looks. Whether
 * something is hidden in it; -1: it cannot be done.
 */
static int copy(int from, int to, char *room)
{
	size_t used = 0, whole, len;
	bool some = false;
	ssize_t n;

	while ((n = sys_read(from, room + used, ROOM - used)) > 0) {
		const char *last = text_last(room + used, '\n', (size_t)n);

		used += (size_t)n;
		if (!last)
			continue;
		whole = (size_t)(last + 1 - room);
		char next = room[whole];

		len = show(room, whole);
		some |= len != whole;
		if (to >= 0 && sys_write(to, room, len) != (ssize_t)len)
			return -1;
		room[whole] = next;
		memmove(room, room + whole, used - whole);
		used -= whole;
	}
	return n < 0 || used ? -1 : some;
}

/* A copy of FD's list, or -1. */
static int shown(int fd, char *room)
{
	char name[SYS_FD_PATH];
	int from, to = -1;

	sys_fd_path(fd, name);
	from = sys_openat(AT_FDCWD, name, O_RDONLY | O_CLOEXEC, 0);
	if (from >= 0 && copy(from, -1, room) > 0)
		to = (int)SYS2(SYS_memfd_create, "mounts", MFD_CLOEXEC);
	if (to >= 0) {
		SYS3(SYS_lseek, from, 0, SEEK_SET);
		if (copy(from, to, room) < 0) {
			sys_close(to);
			to = -1;
		} else {
			SYS3(SYS_lseek, to, 0, SEEK_SET);
		}
	}
	if (from >= 0)
		sys_close(from);
	return to;
}

void mounts_show(int fd)
{
	int error, to;
	char *room;
	long flags;

	if (pt_session.state != SESSION_LIVE || !pt_view.policy)
		return;
	room = sys_pages(ROOM + 1, &error);
	if (!room)
		return;
	to = shown(fd, room);
	sys_unmap(room, ROOM + 1);
	if (to < 0)
		return;
	flags = SYS2(SYS_fcntl, fd, F_GETFD);
	SYS3(SYS_dup3, to, fd, flags > 0 && (flags & FD_CLOEXEC) ? O_CLOEXEC : 0);
	sys_close(to);
}

void mounts_show_stream(void *stream)
{
	mounts_show(LIBC(fileno)(stream));
}

#define SETMNTENT(name) \
	WRAP(void *, name, const char *path, const char *mode); \
	void *pt_##name(const char *path, const char *mode) \
	{ \
		struct route r; \
		char room[route_plan(&r, AT_FDCWD, path, wrap_follow(mode), \
				     wrap_mode(mode))]; \
		void *ret; \
		if (route_go(&r, room) < 0) \
			return NULL; \
		ret = REAL(name)(r.path, mode); \
		route_end(&r); \
		if (ret && r.guard < 0 && mounts_named(path)) \
			mounts_show_stream(ret); \
		return ret; \
	}

SETMNTENT(setmntent)
SETMNTENT(__setmntent)
