/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privtmp sweep: removes what the dead left.
 *
 * As root it handles directories of other users, whose leases may say
 * anything: what is removed is what was found in a guarded directory under a
 * session's name, opened without following a link and seen to belong to the
 * owner of the session; never a path because a lease says so.
 */
#include "session/remove.h"
#include "core/report.h"
#include "session/session.h"
#include "sessions.h"
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct sweep {
	const struct options *options;
	struct sessions sessions;
	bool failed;
};

/* Empties and removes the directory FD, which is ROOT. 0 or -errno. */
static int remove_open(int fd, const char *root, struct remains *remains)
{
	return remove_root(fd, root, remains);
}

/* Removes one root. */
static void remove_one(struct sweep *s, const struct found *f)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	struct remains remains = { 0, 0, "" };
	struct stat st;
	int fd, ret;

	if (s->options->dry_run) {
		printf("would remove %s\n", f->root);
		return;
	}
	fd = open(f->root, flags);
	if (fd < 0 && errno == ENOENT)
		return;
	if (fd < 0 || fstat(fd, &st) < 0)
		ret = -errno;
	else if (st.st_uid != f->owner)
		ret = -EPERM;
	else
		ret = remove_open(fd, f->root, &remains);
	if (fd >= 0)
		close(fd);
	if (ret < 0) {
		session_say_left(f->root, &remains, -ret);
		s->failed = true;
	} else if (s->options->verbose) {
		printf("removed %s\n", f->root);
	}
}

/* Whether the session F names ROOT as one of its own. */
static bool names_root(const struct found *f, const char *root)
{
	for (unsigned i = 0; f->lease && i < f->lease->policy.guards; i++) {
		const struct text *named = &f->lease->policy.guard[i].root;

		if (named->len == strlen(root) &&
		    !memcmp(named->at, root, named->len))
			return true;
	}
	return false;
}

/* Whether PART is a root of the session F besides that of its lease. */
static bool is_part_of(const struct found *part, const struct found *f)
{
	if (part == f || part->owner != f->owner ||
	    (part->state != FOUND_PART && part->state != FOUND_DEAD &&
	     part->state != FOUND_YOUNG) || part->lease)
		return false;
	/* What it says of itself counts more than what another says. */
	return part->primary[0] ? !strcmp(part->primary, f->root) :
				  names_root(f, part->root);
}

/* The session that PART is a root of, if it was found. */
static const struct found *session_of(const struct sweep *s,
				      const struct found *part)
{
	for (size_t i = 0; i < s->sessions.n; i++)
		if (is_part_of(part, &s->sessions.at[i]))
			return &s->sessions.at[i];
	return NULL;
}

/* Removes a session that has no members, holding its lock meanwhile. */
static void remove_found(struct sweep *s, const struct found *f)
{
	struct lease *lease = malloc(sizeof *lease);
	int fd = -1;

	/* It may have been joined since, where it was not kept by a shim. */
	if (lease && f->lease && session_is_alive(f->root, lease, &fd) != 0) {
		free(lease);
		return;
	}
	for (size_t i = 0; i < s->sessions.n; i++)
		if (is_part_of(&s->sessions.at[i], f))
			remove_one(s, &s->sessions.at[i]);
	remove_one(s, f);
	if (fd >= 0)
		close(fd);
	free(lease);
}

struct sought {
	const char *name;
	bool found;
};

static void compare_name(pid_t pid, const char *root, void *arg)
{
	struct sought *sought = arg;

	(void)pid;
	if (!strcmp(strrchr(root, '/') + 1, sought->name))
		sought->found = true;
}

/*
 * Whether some process holds the lease of the session at ROOT, which cannot be
 * seen from here: in another mount namespace /tmp is another directory.
 */
static bool is_held(const char *root)
{
	struct sought sought = { strrchr(root, '/') + 1, false };

	members_find(compare_name, &sought);
	return sought.found;
}

/*
 * A root whose lease is elsewhere, or never was. True: nobody has it any more.
 */
static bool is_orphan(struct sweep *s, const struct found *f)
{
	struct lease *lease;
	int ret;

	if (session_of(s, f))
		return false;	/* it stays or goes with that */
	if (f->state != FOUND_PART)
		return f->state == FOUND_DEAD;
	lease = malloc(sizeof *lease);
	ret = lease ? session_is_alive(f->primary, lease, NULL) : -ENOMEM;
	free(lease);
	if (ret == 0 || ret == 1)
		return false;
	if (ret != -ENOENT) {
		report(f->root, "cannot tell whether its session is alive", -ret,
		       "run this as its owner or as root");
		s->failed = true;
		return false;
	}
	return time(NULL) - f->changed > SESSION_YOUNG && !is_held(f->primary);
}

static void consider(struct sweep *s, const struct found *f)
{
	if (geteuid() != 0 && f->owner != geteuid())
		return;
	/* A member that was seen counts, whatever the lock says. */
	if (f->members)
		return;
	if (f->lease) {
		if (f->state == FOUND_DEAD ||
		    (f->state == FOUND_KEPT && s->options->all))
			remove_found(s, f);
		return;
	}
	if (is_orphan(s, f))
		remove_one(s, f);
}

int tool_sweep(const struct options *options, int argc, char **argv)
{
	struct sweep s = { .options = options };

	if (argc > 0) {
		options_complain(options->command, argv[0],
				 "sweep takes no operand");
		return STATUS_USAGE;
	}
	sessions_find(&options->settings, &s.sessions);
	for (size_t i = 0; i < s.sessions.n; i++)
		consider(&s, &s.sessions.at[i]);
	return options_written(s.failed ? 1 : 0);
}
