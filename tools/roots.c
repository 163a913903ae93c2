/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Roots; see roots.h. */
#include "roots.h"
#include "core/newer.h"
#include "core/owner.h"
#include "core/sys.h"
#include "crew.h"
#include "policy/places.h"
#include "remedy.h"
#include "session/root_name.h"
#include "show.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LONGEST = 5000, /* milliseconds for reading names */
	OFTEN = 1024,	/* names between two looks at the clock */
};

struct share {
	uid_t owner;
	size_t n;
};

bool roots_is_path(const char *path)
{
	const size_t len = strlen(path);

	for (const char *at = path; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return false;
	return len <= POLICY_ROOT_MAX && root_path_is(path, len);
}

/* That of the owner with the highest number. */
static struct share *last_share(const struct roots *roots)
{
	struct share *last = roots->shares;

	for (size_t i = 1; i < roots->owners; i++)
		if (roots->shares[i].owner > last->owner)
			last = &roots->shares[i];
	return last;
}

/*
 * Gives OWNER the share of a higher number, whose roots roots_sort leaves out. Who has
 * subordinate numbers can be thousands of owners; those are above all users' own.
 */
static bool take_last_share(struct roots *roots, uid_t owner)
{
	struct share *last = last_share(roots);

	roots->cut = true;
	if (last->owner < owner)
		return false;
	*last = (struct share){ owner, 1 };
	return true;
}

/*
 * Whether OWNER may have one more: many roots of one user must not take the room of
 * others.
 */
static bool has_room(struct roots *roots, uid_t owner)
{
	struct share *more;

	for (size_t i = 0; i < roots->owners; i++)
		if (roots->shares[i].owner == owner)
			return roots->shares[i].n++ < ROOTS_EACH;
	if (roots->owners >= ROOTS_OWNERS)
		return take_last_share(roots, owner);
	more = realloc(roots->shares, (roots->owners + 1) * sizeof *more);
	if (!more) {
		remedy_lack("sessions", ENOMEM);
		return false;
	}
	roots->shares = more;
	more[roots->owners++] = (struct share){ owner, 1 };
	return true;
}

static bool is_listed(const struct roots *roots, const char *path, uid_t owner)
{
	for (size_t i = 0; i < roots->n; i++)
		if (roots->at[i].owner == owner && !strcmp(roots->at[i].path, path))
			return true;
	return false;
}

static bool add_root(struct roots *roots, const char *path, uid_t owner, gid_t group)
{
	struct root *more;

	if (!has_room(roots, owner)) {
		roots->cut = true;
		return false;
	}
	/* Doubled whenever it is full. */
	if (!(roots->n & (roots->n - 1))) {
		more = realloc(roots->at, (roots->n ? 2 * roots->n : 1) * sizeof *more);
		if (!more) {
			remedy_lack("sessions", ENOMEM);
			return false;
		}
		roots->at = more;
	}
	more = &roots->at[roots->n++];
	memset(more, 0, sizeof *more);
	strcpy(more->path, path);
	more->owner = owner;
	more->group = group;
	return true;
}

void roots_hint(struct roots *roots, const char *path, uid_t owner, gid_t group)
{
	if (roots_is_path(path) && !is_listed(roots, path, owner) &&
	    add_root(roots, path, owner, group))
		roots->at[roots->n - 1].hinted = true;
}

struct looking {
	struct roots *roots;
	char seen[64][POLICY_ROOT_MAX + 1]; /* directories */
	unsigned n;
	long end;
};

/*
 * Whether NAME in the directory DIR, whose status is OWN, can be a root; its status. A mount
 * point is none: its file system, which may be a user's, can make it look like anyone's, and
 * answer nobody. It is not asked here.
 */
static bool can_be_root(int dir, const struct statx *own, const char *name,
			struct statx *st)
{
	return sys_look(dir, name, st) == 0 && S_ISDIR(st->stx_mode) &&
	       owner_same_mount(st, own);
}

static void add_entry(struct looking *l, DIR *dir, const struct statx *own,
		      const char *in, const char *name)
{
	char path[POLICY_ROOT_MAX + 1];
	struct statx st;

	if (root_name_is(name) &&
	    snprintf(path, sizeof path, "%s/%s", in, name) < (int)sizeof path &&
	    can_be_root(dirfd(dir), own, name, &st))
		add_root(l->roots, path, st.stx_uid, st.stx_gid);
}

/* Whether ERROR says that DIR has nothing of this user's, or nobody's. */
static bool is_absent(int error)
{
	return error == ENOENT || error == ENOTDIR || error == ELOOP ||
	       (error == EACCES && geteuid() != 0);
}

/*
 * Reports that DIR could not be read for ERROR, unless it has nothing. One line for what
 * fails everywhere is enough.
 */
static void heed(struct roots *roots, const char *dir, int error)
{
	if (is_absent(error) || error == roots->error)
		return;
	roots->error = error;
	show_report(dir, "cannot be searched for sessions", error, remedy_of(error));
}

/*
 * Adds the roots in the directory IN, once. The user's own directory is left to that
 * user's child.
 */
static void look_into(void *arg, const char *in)
{
	struct looking *l = arg;
	struct dirent *entry;
	struct statx own;
	int error;
	DIR *dir;

	if (text_after(in, ROOTS_RUN "/"))
		return;
	for (unsigned i = 0; i < l->n; i++)
		if (!strcmp(l->seen[i], in))
			return;
	if (l->n >= sizeof l->seen / sizeof *l->seen) {
		l->roots->cut = true;
		return;
	}
	strcpy(l->seen[l->n++], in);
	dir = opendir(in);
	if (!dir || (error = sys_statx(dirfd(dir), "", AT_EMPTY_PATH, &own)) < 0) {
		heed(l->roots, in, dir ? -error : errno);
		if (dir)
			closedir(dir);
		return;
	}
	for (unsigned i = 1; (entry = readdir(dir)); i++) {
		add_entry(l, dir, &own, in, entry->d_name);
		if (i % OFTEN == 0 && crew_now() > l->end) {
			l->roots->cut = true;
			break;
		}
	}
	closedir(dir);
}

void roots_find(const struct settings *settings, struct roots *roots)
{
	static struct looking l;

	memset(roots, 0, sizeof *roots);
	l = (struct looking){ .roots = roots, .end = crew_now() + LONGEST };
	places_each(settings, getenv("TMPDIR"), geteuid(), look_into, &l);
}

static int compare_roots(const void *a, const void *b)
{
	const struct root *x = a, *y = b;

	if (x->owner != y->owner)
		return x->owner < y->owner ? -1 : 1;
	return strcmp(x->path, y->path);
}

void roots_sort(struct roots *roots)
{
	if (!roots->n)
		return;
	qsort(roots->at, roots->n, sizeof *roots->at, compare_roots);
	while (roots->n && roots->at[roots->n - 1].owner > last_share(roots)->owner)
		roots->n--;
}

void roots_each_run(struct roots *roots, void (*fn)(void *arg, uid_t uid, gid_t gid),
		    void *arg)
{
	DIR *dir = opendir(ROOTS_RUN);
	struct dirent *entry;

	if (!dir) {
		heed(roots, ROOTS_RUN, errno);
		return;
	}
	while ((entry = readdir(dir))) {
		char *end;
		unsigned long uid = strtoul(entry->d_name, &end, 10);

		if (end == entry->d_name || *end || uid > 0xfffffffeu)
			continue;
		if (geteuid() == 0 || geteuid() == uid)
			fn(arg, (uid_t)uid, crew_group((uid_t)uid, (gid_t)uid));
	}
	closedir(dir);
}

int roots_each(const char *dir, void (*fn)(void *arg, const char *path), void *arg)
{
	char path[POLICY_ROOT_MAX + 1];
	struct dirent *entry;
	DIR *stream = opendir(dir);

	if (!stream)
		return is_absent(errno) ? 0 : -errno;
	while ((entry = readdir(stream)))
		if (root_name_is(entry->d_name) &&
		    snprintf(path, sizeof path, "%s/%s", dir, entry->d_name) <
			    (int)sizeof path)
			fn(arg, path);
	closedir(stream);
	return 0;
}
