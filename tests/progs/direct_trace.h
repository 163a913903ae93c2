/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A trace, as privtmp audit makes it, and the sources that write to it; of no session. */
#ifndef DIRECT_TRACE_H
#define DIRECT_TRACE_H

/* A policy has a struct of that name, too. */
#define own trace_own
#include "trace/trace.c"
#undef own
#include "trace/modules.c"
#include "trace/watch.c"
#include "trace/told.c"
#include "trace/point.c"

#include "direct_view.h"

#define FILE_NAME "/mnt/trace"

enum { SITE = 16, CALL = 3 };

/* -- Instead of the shim's routes: all is in the backing of /tmp -- */

size_t route_plan(struct route *r, int dirfd, const char *path, enum follow follow,
		  unsigned intent)
{
	TRUE(dirfd == AT_FDCWD && follow == NOFOLLOW && intent == ROUTE_READ);
	r->path = path;
	return sizeof PREFIX + strlen(path);
}

int route_go(struct route *r, char *room)
{
	if (strstr(r->path, "refused")) {
		errno = EACCES;
		return -1;
	}
	strcat(strcpy(room, PREFIX), r->path);
	r->path = room;
	return 0;
}

void route_end(struct route *r)
{
	r->path = NULL;
}

/* -- A trace -- */

static void make_trace(uint32_t magic, uint32_t version, uint64_t size)
{
	const int fd = open(FILE_NAME, O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0600);
	struct trace_header header = { .magic = magic, .version = version };

	header.images = header.modules = header.records = 1;
	header.text = 8;
	header.watched = 2;
	strcpy(header.watch[0], "/tmp");
	strcpy(header.watch[1], "/var/tmp");
	MUST(fd >= 0 && ftruncate(fd, (off_t)size) == 0);
	MUST(write(fd, &header, sizeof header) == sizeof header);
	close(fd);
}

static char *const variables[] = { (char *)"A=b", (char *)TRACE_VARIABLE "=" FILE_NAME,
				   NULL };

static void close_trace(void)
{
	if (pt_trace)
		sys_unmap(pt_trace, TRACE_SIZE);
	pt_trace = NULL;
	parent_image = 0;
}

static void open_trace(void)
{
	close_trace();
	umount2(OUT, MNT_DETACH);
	MUST(mount("out", OUT, "tmpfs", 0, "mode=755") == 0);
	make_trace(TRACE_MAGIC, TRACE_VERSION, TRACE_SIZE);
	trace_start(variables);
	MUST(pt_trace);
	memset(opened, 0, sizeof opened);
	memset(pt_watch_suspect, 0, sizeof pt_watch_suspect);
	memset(elsewhere, 0, sizeof elsewhere);
	trace_modules_moved();
	watch_start(NULL);
}

static const char *text_of(trace_string at)
{
	static char text[TRACE_STRING];

	trace_copy_text(at, text);
	return text;
}

#define SAME(got, want) \
	do { \
		const char *same_got = (got); \
		if (strcmp(same_got, want) != 0) { \
			fprintf(stderr, "%s: not %s\n", same_got, want); \
			direct_failed(__FILE__, __LINE__, #got, 0, 1); \
		} \
	} while (0)

#endif
