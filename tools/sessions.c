/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sessions that are there; see sessions.h. */
#include "sessions.h"
#include "policy/places.h"
#include "core/sys.h"
#include "session/remove.h"
#include "core/report.h"
#include "session/lease_lock.h"
#include "session/root_name.h"
#include "session/session.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *found_word(enum found_state state)
{
	static const char *const words[] = {
		[FOUND_LIVE] = "live",	   [FOUND_KEPT] = "kept",
		[FOUND_DEAD] = "dead",	   [FOUND_YOUNG] = "starting",
		[FOUND_PART] = "part",	   [FOUND_CLOSED] = "closed",
	};

	return words[state];
}

void session_say_left(const char *root, const struct remains *remains, int error)
{
	char first[POLICY_ROOT_MAX + sizeof remains->name + 16];

	if (!remains->count) {
		report(root, "cannot be removed", error, NULL);
		return;
	}
	snprintf(first, sizeof first, "%s/.../%s", root, remains->name);
	report(first, remains->count == 1 ?
			      "cannot be removed" :
			      "and others cannot be removed",
	       remains->error, "privtmp sweep tries again");
}

struct found *sessions_at(const struct sessions *sessions, const char *root)
{
	for (size_t i = 0; i < sessions->n; i++)
		if (!strcmp(sessions->at[i].root, root))
			return &sessions->at[i];
	return NULL;
}

/*
 * A lease's text is written after its lock has been taken. So one whose text
 * is complete and that is not locked has lost its members; to lock one that
 * is not yet written could make its maker fail.
 */
int session_is_alive(const char *root, struct lease *lease, int *fd)
{
	int lock = lease_open(root), ret;

	if (lock < 0)
		return lock;
	ret = lease_read(lock, lease);
	if (ret == 0)
		ret = lease_own(lock, false);
	if (ret == 0 && fd) {
		*fd = lock;
		return 0;
	}
	sys_close(lock);
	return ret == -EWOULDBLOCK ? 1 : ret;
}

static bool is_old(time_t changed)
{
	return time(NULL) - changed > SESSION_YOUNG;
}

/* Reads where the lease of a further root is. */
static bool read_primary(const char *root, char out[POLICY_ROOT_MAX + 1])
{
	struct lease_part part;
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), ret;

	if (fd < 0)
		return false;
	ret = lease_read_part(fd, &part);
	close(fd);
	if (ret < 0 || strcmp(part.root, root) != 0)
		return false;
	strcpy(out, part.session);
	return true;
}

static bool is_kept(const char *root, const struct lease *lease)
{
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	bool kept = lease_kept(&lease->policy, fd);

	if (fd >= 0)
		close(fd);
	return kept;
}

/* What the root says of itself. */
static void classify(struct found *f)
{
	struct lease *lease = malloc(sizeof *lease);
	int ret = -ENOMEM;

	if (read_primary(f->root, f->primary)) {
		f->state = FOUND_PART;
		free(lease);
		return;
	}
	if (lease)
		ret = session_is_alive(f->root, lease, NULL);
	if (ret >= 0)
		f->lease = lease;
	else
		free(lease);
	if (ret == 0)
		f->state = is_kept(f->root, lease) ?
				   FOUND_KEPT : FOUND_DEAD;
	else if (ret == 1)
		f->state = FOUND_LIVE;
	else if (ret == -ENOENT || ret == -EBADMSG || ret == -ELOOP)
		f->state = is_old(f->changed) ? FOUND_DEAD : FOUND_YOUNG;
	else
		f->state = FOUND_CLOSED;
}

/* Adds the root ROOT, if it is one and not known yet. NULL: it is not. */
static struct found *add(struct sessions *s, const char *root)
{
	struct found *f = sessions_at(s, root), *more;
	struct stat st;

	if (f)
		return f;
	if (strlen(root) > POLICY_ROOT_MAX || lstat(root, &st) < 0 ||
	    !S_ISDIR(st.st_mode))
		return NULL;
	more = realloc(s->at, (s->n + 1) * sizeof *s->at);
	if (!more)
		return NULL;
	s->at = more;
	f = &s->at[s->n++];
	memset(f, 0, sizeof *f);
	strcpy(f->root, root);
	f->owner = st.st_uid;
	f->changed = st.st_mtime;
	classify(f);
	return f;
}

/* Adds what is in the directory DIR. */
static void look_into(void *arg, const char *dir)
{
	struct sessions *s = arg;
	DIR *stream = opendir(dir);
	struct dirent *entry;
	char root[POLICY_ROOT_MAX + 1];

	while (stream && (entry = readdir(stream)))
		if (root_name_is(entry->d_name) &&
		    snprintf(root, sizeof root, "%s/%s", dir, entry->d_name) <
			    (int)sizeof root)
			add(s, root);
	if (stream)
		closedir(stream);
}

static void add_member(pid_t pid, const char *root, void *arg)
{
	struct found *f = add(arg, root);
	struct member *m, **end;

	if (!f)
		return;
	for (end = &f->members; *end; end = &(*end)->next)
		if ((*end)->pid == pid)
			return;
	m = calloc(1, sizeof *m);
	if (!m)
		return;
	m->pid = pid;
	member_command(pid, m->command, sizeof m->command);
	*end = m;
	if (f->state == FOUND_CLOSED)
		f->state = FOUND_LIVE;
}

int sessions_find(const struct settings *settings, struct sessions *out)
{
	memset(out, 0, sizeof *out);
	places_each(settings, getenv("TMPDIR"), geteuid(), look_into, out);
	members_find(add_member, out);
	return 0;
}
