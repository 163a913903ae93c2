/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * See listing.h. Nothing is allocated, and no descriptor is kept: the shared directory
 * is opened for each of the few shared names.
 */
#define _GNU_SOURCE
#include "wrap/listing.h"
#include "core/sys.h"
#include "session/session.h"
#include "policy/view.h"
#include "wrap/symbols.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LISTINGS = 64 };

static struct listing listings[LISTINGS];
unsigned listing_count;

/*
 * The inode number of each guard's backing, in the session whose root has this hash.
 * Threads of one session write the same values. A wrong number finds nothing, because
 * is_backing() checks it.
 */
static struct {
	unsigned long session;
	unsigned long inode; /* cut to a size that is atomic on all machines */
} known[POLICY_GUARDS];

static unsigned long hash_of_root(void)
{
	unsigned long hash = 2166136261u; /* as FNV-1a does it */

	for (const char *at = pt_session.root; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 16777619u;
	return hash;
}

static unsigned long inode_of(unsigned guard)
{
	const struct guard *g = &pt_view.policy->guard[guard];
	char path[2 * POLICY_ROOT_MAX + 2];
	unsigned long session = hash_of_root(), inode;
	struct statx st;

	if (__atomic_load_n(&known[guard].session, __ATOMIC_ACQUIRE) == session)
		return __atomic_load_n(&known[guard].inode, __ATOMIC_RELAXED);
	if (g->prefix.len + g->view.len >= sizeof path)
		return 0;
	memcpy(path, g->prefix.at, g->prefix.len);
	memcpy(path + g->prefix.len, g->view.at, g->view.len);
	path[g->prefix.len + g->view.len] = '\0';
	if (sys_statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &st) < 0)
		return 0;
	inode = (unsigned long)st.stx_ino;
	__atomic_store_n(&known[guard].inode, inode, __ATOMIC_RELAXED);
	__atomic_store_n(&known[guard].session, session, __ATOMIC_RELEASE);
	return inode;
}

static bool is_backing(int fd, unsigned guard)
{
	const struct guard *g = &pt_view.policy->guard[guard];
	char real[2 * POLICY_ROOT_MAX + 2];
	ssize_t n = sys_fd_name(fd, real, sizeof real);

	return n > 0 && (size_t)n == g->prefix.len + g->view.len &&
	       view_backing_of(real, (size_t)n) == (int)guard;
}

/* <dirent.h> would declare functions that the wrappers define. */
extern int dirfd(void *dir);

static void note_stream(const void *dir, unsigned guard)
{
	for (int i = 0; i < LISTINGS; i++) {
		const void *none = NULL;

		if (!__atomic_compare_exchange_n(&listings[i].dir, &none, dir, false,
						 __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
			continue;
		listings[i].guard = (int)guard;
		listings[i].beyond = false;
		__atomic_fetch_add(&listing_count, 1, __ATOMIC_RELEASE);
		return;
	}
}

void listing_look(void *dir, uint64_t inode)
{
	const struct policy *policy = pt_view.policy;
	unsigned made = __atomic_load_n(&pt_session.made, __ATOMIC_ACQUIRE);
	int saved = errno;

	if (__atomic_load_n(&pt_session.state, __ATOMIC_ACQUIRE) != SESSION_LIVE ||
	    !policy || !made || !(policy->shares + policy->owns) || listing_of(dir))
		return;
	for (unsigned i = 0; i < policy->guards; i++)
		if ((made & 1u << i) && inode_of(i) == (unsigned long)inode &&
		    is_backing(LIBC(dirfd)(dir), i)) {
			note_stream(dir, i);
			break;
		}
	errno = saved;
}

bool listing_starts(int fd, unsigned *guard)
{
	const struct policy *policy = pt_view.policy;
	unsigned made = __atomic_load_n(&pt_session.made, __ATOMIC_ACQUIRE);
	struct statx st;

	if (__atomic_load_n(&pt_session.state, __ATOMIC_ACQUIRE) != SESSION_LIVE ||
	    !policy || !made || !(policy->shares + policy->owns) ||
	    SYS3(SYS_lseek, fd, 0, SEEK_CUR) != 0 ||
	    sys_statx(fd, "", AT_EMPTY_PATH, &st) < 0)
		return false;
	for (unsigned i = 0; i < policy->guards; i++)
		if ((made & 1u << i) && inode_of(i) == (unsigned long)st.stx_ino &&
		    is_backing(fd, i)) {
			*guard = i;
			return true;
		}
	return false;
}

struct listing *listing_of(const void *dir)
{
	if (!__atomic_load_n(&listing_count, __ATOMIC_ACQUIRE))
		return NULL;
	for (int i = 0; i < LISTINGS; i++)
		if (__atomic_load_n(&listings[i].dir, __ATOMIC_ACQUIRE) == dir)
			return &listings[i];
	return NULL;
}

bool listing_beyond(const struct listing *l)
{
	return l->beyond;
}

void *listing_room(struct listing *l)
{
	return l->room;
}

void listing_begin(struct listing *l)
{
	l->beyond = true;
	l->count = 0;
	l->offset = 0;
}

/* An entry of getdents64(2). */
struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t len;
	uint8_t type;
	char name[];
};

/* Whether NAME is a shared path, and not hidden by one of that name in the backing. */
static bool is_shared_name(const struct guard *g, const char *name)
{
	char path[2 * POLICY_ROOT_MAX + NAME_MAX + 3];
	char *view = path + g->prefix.len;
	size_t len = g->view.len + 1 + strlen(name);
	struct statx st;

	if (name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2])))
		return false;
	memcpy(path, g->prefix.at, g->prefix.len);
	memcpy(view, g->view.at, g->view.len);
	view[g->view.len] = '/';
	strcpy(view + g->view.len + 1, name);
	return view_is_shared(view, len, g->view.len + 1) &&
	       sys_statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &st) == -ENOENT;
}

static void go_to(int fd, int64_t offset)
{
#ifdef SYS__llseek
	int64_t result;

	SYS5(SYS__llseek, fd, (long)(offset >> 32), (long)(uint32_t)offset, &result,
	     SEEK_SET);
#else
	SYS3(SYS_lseek, fd, offset, SEEK_SET);
#endif
}

/* Finds a shared name among the entries read. */
static bool find_entry(struct listing *l, const char *bytes, ssize_t n,
		       struct listed *out)
{
	const struct guard *g = &pt_view.policy->guard[l->guard];

	for (ssize_t at = 0; at < n;) {
		const void *place = bytes + at;
		const struct entry *entry = place;

		at += entry->len;
		l->offset = entry->offset;
		if (!is_shared_name(g, entry->name))
			continue;
		out->inode = entry->inode;
		out->type = entry->type;
		strcpy(out->name, entry->name);
		return true;
	}
	return false;
}

bool listing_next(struct listing *l, struct listed *out)
{
	union {
		char bytes[1024];
		uint64_t align;
	} room;
	char view[POLICY_ROOT_MAX + 1];
	bool found = false;
	ssize_t n = 0;
	int fd;

	text_copy(&pt_view.policy->guard[l->guard].view, view);
	fd = sys_openat(AT_FDCWD, view, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (fd < 0)
		return false;
	go_to(fd, l->offset);
	while (!found && (n = sys_getdents(fd, room.bytes, sizeof room)) > 0)
		found = find_entry(l, room.bytes, n, out);
	sys_close(fd);
	if (found)
		l->count++;
	out->cookie = listing_tell(l);
	return found;
}

/* Negative: file systems have no such positions. */
long listing_tell(const struct listing *l)
{
	return -2 - l->count;
}

bool listing_seek(struct listing *l, long cookie)
{
	struct listed skipped;

	if (cookie > -2) {
		l->beyond = false;
		return false;
	}
	listing_begin(l);
	while (l->count < -2 - cookie && listing_next(l, &skipped))
		;
	return true;
}

void listing_end(struct listing *l)
{
	__atomic_fetch_sub(&listing_count, 1, __ATOMIC_RELEASE);
	__atomic_store_n(&l->dir, NULL, __ATOMIC_RELEASE);
}
