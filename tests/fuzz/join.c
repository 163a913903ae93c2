/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libFuzzer's target for joining: PRIVTMP_SESSION, and what it leads to. The kernel's answers
 * are the fuzzer's: of whom a file is, of what mode and kind, how many links it has, which
 * lock is granted, and what the lease says. A session is joined only where all of that is
 * right; and no descriptor is left open, or closed that was not the lease's.
 *
 *     first line: PRIVTMP_SESSION    second: one byte an answer    the rest: the lease
 */
#define _GNU_SOURCE
#include "core/sys.h"
#include "policy/view.h"
#include "session/hints.h"
#include "session/internal.h"
#include "session/join.h"
#include "session/leave.h"
#include "session/root_name.h"
#include "session/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

enum { EUID = 1000, STRANGER = 1001, INHERITED = 9, OPENED = 20, FILES = 64 };

struct session pt_session;
struct view pt_view;

static const uint8_t *answers, *answers_end;
static const char *lease_text;
static size_t lease_size;
static int open_files[FILES];
static int believable[FILES]; /* what was said last of each */
static int held;	      /* whose text was read, and by which it is joined */

static void expect(int holds)
{
	if (!holds)
		abort();
}

/* The usual answer is 0, which is what there is when none are left. */
static unsigned answer(unsigned below)
{
	return answers < answers_end ? *answers++ % below : 0;
}

/* -- The kernel -- */

int sys_openat(int dirfd, const char *path, int flags, unsigned mode)
{
	(void)dirfd;
	(void)mode;
	/* Nothing is written, and no link is followed. */
	expect((flags & O_ACCMODE) == O_RDONLY && (flags & O_NOFOLLOW) &&
	       (flags & O_CLOEXEC));
	expect(memchr(path, '\0', POLICY_ROOT_MAX + 16) != NULL);
	if (answer(8) == 7)
		return -ENOENT;
	for (int fd = OPENED; fd < FILES; fd++)
		if (!open_files[fd]) {
			open_files[fd] = 1;
			return fd;
		}
	return -EMFILE;
}

int sys_close(int fd)
{
	expect(fd >= 0 && fd < FILES && open_files[fd]);
	open_files[fd] = 0;
	return 0;
}

int sys_statx(int dirfd, const char *path, int flags, struct statx *out)
{
	static const unsigned modes[] = { 0444, 0644, 0446, 0464, 0666, 0400, 0755, 0 };
	static const unsigned dirs[] = { 0700, 01777, 0710, 0755, 0711, 0777, 0775, 0 };
	static const unsigned kinds[] = { S_IFREG, S_IFDIR, S_IFLNK, S_IFIFO };
	static const unsigned owners[] = { EUID, 0, STRANGER, EUID };
	const bool root = path[0] && strstr(path, ROOT_BEGIN) && !strstr(path, "/lease");
	const bool dir = root || (path[0] && !strstr(path, "/lease"));
	unsigned kind = answer(8), mode = answer(8), owner = answer(4), links = answer(4);

	(void)flags;
	if (!path[0] && (dirfd < 0 || dirfd >= FILES || !open_files[dirfd]))
		return -EBADF;
	memset(out, 0, sizeof *out);
	out->stx_mode =
		(uint16_t)(kind < 5 ? (dir ? S_IFDIR : S_IFREG) : kinds[kind - 4]);
	out->stx_mode |= (uint16_t)(dir ? dirs[mode] : modes[mode]);
	out->stx_uid = dir && !root && !owner ? 0 : owners[owner];
	out->stx_nlink = links == 3 ? 0 : 1;
	out->stx_size = lease_size;
	out->stx_ino = 7 + (answer(8) == 7);
	if (!path[0])
		believable[dirfd] = S_ISREG(out->stx_mode) && !(out->stx_mode & 0222) &&
				    out->stx_nlink && out->stx_uid != STRANGER;
	return 0;
}

ssize_t sys_readlinkat(int dirfd, const char *path, char *buf, size_t size)
{
	static const char *const texts[] = { "/", "x", "..", "/tmp", "" };
	const char *text = texts[answer(5)];
	size_t n = strlen(text);

	(void)dirfd;
	(void)path;
	expect(n < size);
	memcpy(buf, text, n);
	return (ssize_t)n;
}

ssize_t sys_pread(int fd, void *buf, size_t size, long offset)
{
	expect(fd >= 0 && fd < FILES && open_files[fd] && offset == 0);
	size = size < lease_size ? size : lease_size;
	memcpy(buf, lease_text, size);
	return (ssize_t)size;
}

void *sys_map_file(int fd, size_t size, int prot, int *error)
{
	char *copy;

	expect(fd >= 0 && fd < FILES && open_files[fd] && prot == 1);
	if (answer(8) == 7 || !size) {
		*error = ENOMEM;
		return NULL;
	}
	held = fd;
	copy = calloc(1, size);
	memcpy(copy, lease_text, size < lease_size ? size : lease_size);
	return copy;
}

void sys_unmap(void *address, size_t size)
{
	(void)size;
	free(address);
}

int sys_flock(int fd, int operation)
{
	expect(fd >= 0 && fd < FILES && open_files[fd]);
	/* Nobody waits. */
	expect(operation == LOCK_UN || (operation & LOCK_NB));
	switch (answer(4)) {
	case 1: return -EWOULDBLOCK;
	case 2: return -ENOLCK;
	default:
		/* By name, a session that is alone with us is dead. */
		return (operation & LOCK_EX) && answer(2) == 0 ? -EWOULDBLOCK : 0;
	}
}

int sys_pause(int milliseconds)
{
	(void)milliseconds;
	return 0;
}

int sys_fchmod(int fd, unsigned mode)
{
	(void)fd;
	(void)mode;
	abort();
}

int sys_write_all(int fd, const void *buf, size_t size)
{
	(void)fd;
	(void)buf;
	(void)size;
	abort();
}

int sys_unlinkat(int dirfd, const char *path, int flags)
{
	(void)dirfd;
	(void)path;
	(void)flags;
	abort();
}

int sys_renameat2(int fromfd, const char *from, int tofd, const char *to, unsigned flags)
{
	(void)fromfd;
	(void)from;
	(void)tofd;
	(void)to;
	(void)flags;
	abort();
}

/* -- The rest of the session -- */

int hints_joined(const char *root, unsigned owner, char value)
{
	(void)owner;
	(void)value;
	expect(root_path_is(root, strlen(root)));
	return 0;
}

void session_let_go(void)
{
	free(pt_session.lock);
	if (pt_session.held)
		sys_close(pt_session.held - 1);
	pt_session.lock = NULL;
	pt_session.held = 0;
}

int session_hold(int fd)
{
	pt_session.held = fd + 1;
	expect(held == fd);
	return 0;
}

/* -- One try -- */

static void joined(const char *value)
{
	const struct session *s = &pt_session;

	expect(held >= 0 && believable[held]);
	expect(s->owner == 0 || s->owner == EUID);
	expect(s->lock || s->held);
	expect(root_path_is(s->root, strlen(s->root)));
	expect(strlen(value) >= strlen(s->root) &&
	       !strcmp(value + strlen(value) - strlen(s->root), s->root));
	expect(s->lease.session.len == strlen(s->root) &&
	       !memcmp(s->lease.session.at, s->root, s->lease.session.len));
	expect(s->lease.policy.guards > 0);
	for (unsigned i = 0; i < s->lease.policy.guards; i++)
		expect(root_prefix_is(s->lease.policy.guard[i].prefix.at,
				      s->lease.policy.guard[i].prefix.len));
}

static void try_to_join(char *value)
{
	memset(&pt_session, 0, sizeof pt_session);
	memset(open_files, 0, sizeof open_files);
	pt_session.euid = EUID;
	open_files[INHERITED] = 1;
	memset(believable, 0, sizeof believable);
	held = -1;
	if (session_join(value) == 0)
		joined(value);
	else
		expect(!pt_session.lock && !pt_session.held);
	session_let_go();
	/* What is not the lease's is the program's, and stays. */
	for (int fd = OPENED; fd < FILES; fd++)
		expect(!open_files[fd]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size, *at = memchr(data, '\n', size);
	const uint8_t *next = at ? memchr(at + 1, '\n', (size_t)(end - at - 1)) : NULL;
	char *value, *text;

	if (!next)
		return 0;
	value = strndup((const char *)data, (size_t)(at - data));
	answers = at + 1;
	answers_end = next;
	lease_size = (size_t)(end - next - 1);
	text = malloc(lease_size + 1);
	memcpy(text, next + 1, lease_size);
	lease_text = text;
	try_to_join(value);
	free(value);
	free(text);
	return 0;
}
