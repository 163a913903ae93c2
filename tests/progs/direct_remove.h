/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * session/remove.c and remove_tree.c, whose system calls go by hooks: these let a test come in
 * between, as another process would.
 */
#ifndef DIRECT_REMOVE_H
#define DIRECT_REMOVE_H

#include "core/sys.h"
#include "session/remove.h"
#include "session/trust.h"

#include "direct.h"

static int hook_unlinkat(int dirfd, const char *path, int flags);
static int hook_renameat(int fromfd, const char *from, int tofd, const char *to);
static int hook_openat(int dirfd, const char *path, int flags, unsigned mode);
static ssize_t hook_getdents(int fd, void *buf, size_t size);
static void *hook_pages(size_t size, int *error);
static int hook_statx(int dirfd, const char *path, int flags, struct statx *out);
static int hook_look(int dirfd, const char *path, struct statx *st);
static int hook_open_root(const char *root, unsigned owner, struct statx *st);

#define sys_unlinkat hook_unlinkat
#define sys_renameat hook_renameat
#define sys_openat hook_openat
#define sys_getdents hook_getdents
#define sys_pages hook_pages
#define sys_statx hook_statx
#define sys_look hook_look
#define trust_open_root hook_open_root
#include "session/remove_tree.c"
#include "session/remove.c"
#undef sys_unlinkat
#undef sys_renameat
#undef sys_openat
#undef sys_getdents
#undef sys_pages
#undef sys_statx
#undef sys_look
#undef trust_open_root

/* -- Hooks -- */

/* What happens: of the call and the name that "at" names, the first "times" times. */
static struct {
	const char *call, *at;
	int times;
	int error;	      /* it fails with that, and does nothing */
	int afterwards;	      /* it does what it should, and seems to fail with that */
	void (*before)(void); /* happens just before */
	bool unknown;	      /* directories do not tell types */
	const char *missed;   /* a name that the first look at a directory misses */
	bool cramped; /* the root has room for "room" names that wait, then "error" */
	int room;
	const char *open,
		*held; /* a file that is open, and what it is called once removed */
} hook;

/* How many names wait in /tmp/R. */
static int waiting(void)
{
	const struct dirent *entry;
	DIR *root = opendir("/tmp/R");
	int n = 0;

	MUST(root);
	while ((entry = readdir(root)))
		n += !strncmp(entry->d_name, ".r", 2);
	closedir(root);
	return n;
}

static char calls[1 << 16]; /* "CALL NAME\n" */
static unsigned opened_roots;

static void note(const char *call, const char *name)
{
	const size_t n = strlen(calls);

	snprintf(calls + n, sizeof calls - n, "%s %s\n", call, name);
}

/* Whether this is the call. */
static bool hooked(const char *call, const char *name)
{
	note(call, name);
	if (!hook.call || strcmp(hook.call, call) || strcmp(hook.at, name) ||
	    hook.times <= 0)
		return false;
	hook.times--;
	if (hook.before)
		hook.before();
	return true;
}

#define HOOKED(call, name, real) \
	do { \
		const bool is = hooked(call, name); \
		int ret; \
		if (is && hook.error) \
			return -hook.error; \
		ret = real; \
		return is && hook.afterwards ? -hook.afterwards : ret; \
	} while (0)

static int hook_unlinkat(int dirfd, const char *path, int flags)
{
	/* As libfuse: it goes on under another name; and NFS: that one is busy. */
	if (hook.open && !flags && !strcmp(path, hook.open))
		return sys_renameat(dirfd, path, dirfd, hook.held);
	if (hook.open && !flags && !strcmp(path, hook.held))
		return hook.error ? -hook.error : 0;
	HOOKED(flags ? "rmdir" : "unlink", path, sys_unlinkat(dirfd, path, flags));
}

static int hook_renameat(int fromfd, const char *from, int tofd, const char *to)
{
	if (hook.cramped && waiting() >= hook.room)
		return -hook.error;
	HOOKED("rename", from, sys_renameat(fromfd, from, tofd, to));
}

static int hook_openat(int dirfd, const char *path, int flags, unsigned mode)
{
	IS(flags & (O_NOFOLLOW | O_CLOEXEC | O_DIRECTORY),
	   O_NOFOLLOW | O_CLOEXEC | O_DIRECTORY);
	HOOKED(flags & O_PATH ? "path" : "open", path,
	       sys_openat(dirfd, path, flags, mode));
}

static int hook_statx(int dirfd, const char *path, int flags, struct statx *out)
{
	HOOKED("stat", path, sys_statx(dirfd, path, flags, out));
}

static int hook_look(int dirfd, const char *path, struct statx *st)
{
	HOOKED("stat", path, sys_look(dirfd, path, st));
}

static int hook_open_root(const char *root, unsigned owner, struct statx *st)
{
	opened_roots++;
	return trust_open_root(root, owner, st);
}

static void *hook_pages(size_t size, int *error)
{
	if (hooked("pages", "")) {
		*error = hook.error;
		return NULL;
	}
	return sys_pages(size, error);
}

static ssize_t hook_getdents(int fd, void *buf, size_t size)
{
	const ssize_t n = sys_getdents(fd, buf, size);

	hooked("list", "");
	for (ssize_t at = 0; at < n;) {
		struct kernel_dirent *entry = (struct kernel_dirent *)((char *)buf + at);

		at += entry->len;
		if (hook.unknown)
			entry->type = DT_UNKNOWN;
		if (hook.missed && !strcmp(entry->name, hook.missed)) {
			strcpy(entry->name, ".");
			hook.missed = NULL;
		}
	}
	return n;
}

static void reset(void)
{
	memset(&hook, 0, sizeof hook);
	calls[0] = '\0';
	opened_roots = 0;
}

static unsigned called(const char *call)
{
	unsigned n = 0;

	for (const char *at = calls; (at = strstr(at, call)); at++)
		n += at == calls || at[-1] == '\n';
	return n;
}

/* -- What is to be removed -- */

static struct remains remains;
static unsigned owner;

static void dir(const char *name, unsigned mode)
{
	make_dir(name, owner, mode);
}

static void file(const char *name)
{
	make_file(name, owner, 0600);
}

/* What must stay. */
static void make_canary(void)
{
	make_dir("/var/tmp/canary", 0, 0777);
	make_file("/var/tmp/canary/file", 0, 0666);
}

static void mount_at(const char *path)
{
	dir(path, 0700);
	MUST(mount("tmp", path, "tmpfs", 0, NULL) == 0);
}

static void hook_at(const char *call, const char *at, int times, int error)
{
	hook.call = call;
	hook.at = at;
	hook.times = times;
	hook.error = error;
}

#endif
